#include "core/http/api/upload.h"

#include "core/documents/document_json.h"
#include "core/http/multipart.h"
#include "core/http/query_fields.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <optional>

namespace llmemory::http {

namespace {

constexpr qsizetype kFileNameLength = 100;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http", text);
}

/// The form's fields as the JSON body that they stand for, and its file.
struct Form
{
    Json fields = Json::object();
    std::optional<FormPart> file;
};

const std::array<QueryField, 9> &formFields()
{
    static const std::array<QueryField, 9> fields{{{"owner_id", FieldKind::Text},
                                                   {"id_at_origin", FieldKind::Text},
                                                   {"document_name", FieldKind::Text},
                                                   {"document_type", FieldKind::Text},
                                                   {"document_date", FieldKind::Text},
                                                   {"metadata", FieldKind::Object},
                                                   {"chunking_strategy", FieldKind::Text},
                                                   {"chunking_config", FieldKind::Object},
                                                   {"generate_embeddings", FieldKind::Flag}}};
    return fields;
}

Result<> takeField(Form &form, const FormPart &part)
{
    const QByteArray name = part.name.toUtf8();
    const auto &known = formFields();
    const auto field = std::find_if(known.begin(), known.end(), [&](const QueryField &candidate) {
        return name == candidate.name;
    });
    if (field == known.end())
        return Error::validation(part.name, tr("There is no field named \"%1\".").arg(part.name));
    if (form.fields.contains(field->name))
        return Error::validation(part.name, tr("The field \"%1\" is given twice.").arg(part.name));
    auto value = jsonFromText(*field, QString::fromUtf8(part.data));
    if (!value)
        return value.error();
    form.fields[field->name] = std::move(*value);
    return {};
}

Result<Form> readForm(const Request &request)
{
    if (const auto none = jsonFromQuery(request, {}); !none)
        return none.error();
    const auto parts = parseForm(request.body, formBoundary(request.value("content-type")));
    if (!parts)
        return parts.error();
    Form form;
    const QString file = QStringLiteral("file");
    for (const FormPart &part : *parts) {
        if (part.name != file) {
            if (auto ok = takeField(form, part); !ok)
                return ok.error();
        } else if (form.file) {
            return Error::validation(file, tr("Send one file in a request."));
        } else {
            form.file = part;
        }
    }
    if (!form.file || form.file->fileName.value_or(QString()).isEmpty())
        return Error::validation(file, tr("The form has no file with a name."));
    return form;
}

/// A name that is safe to create: the last part of what the client says, odd characters replaced.
QString safeFileName(const QString &fileName)
{
    QString name = fileName;
    name.replace(QLatin1Char('\\'), QLatin1Char('/'));
    name = QFileInfo(name).fileName();
    for (QChar &c : name) {
        const bool plain = c.isLetterOrNumber() || QStringLiteral("._- ()").contains(c);
        if (!plain)
            c = QLatin1Char('_');
    }
    while (name.startsWith(QLatin1Char('.')))
        name.remove(0, 1);
    name = name.right(kFileNameLength); // the end says what kind of file it is
    return name.isEmpty() ? QStringLiteral("file") : name;
}

Result<extract::Extraction> readText(const FormPart &file,
                                     const FileReader &readFile,
                                     const std::atomic_bool &cancelled)
{
    const Error noRoom{.kind = ErrorKind::Unavailable,
                       .message = tr("The file cannot be kept for reading. Is the disk full?"),
                       .code = QStringLiteral("disk_full")};
    const QTemporaryDir folder; // for the user alone: 0700
    if (!folder.isValid())
        return noRoom;
    const QString path = folder.filePath(safeFileName(*file.fileName));
    QFile copy(path);
    if (!copy.open(QIODevice::WriteOnly | QIODevice::NewOnly) ||
        copy.write(file.data) != file.data.size())
        return noRoom;
    copy.close();
    if (copy.error() != QFile::NoError)
        return noRoom;
    extract::Extraction extraction = readFile(path, &cancelled);
    if (cancelled)
        return Error::cancelled();
    if (!extraction.hasText()) {
        return Error{.kind = ErrorKind::Extraction,
                     .message = extraction.reason,
                     .field = QStringLiteral("file"),
                     .code = QStringLiteral("file_") + extract::toString(extraction.outcome)};
    }
    return extraction;
}

/// Fills in what the form leaves to the file.
void addDefaults(Json &fields, const extract::Extraction &extraction, const QString &fileName)
{
    const auto fill = [&fields](const char *name, const QString &value) {
        if (!fields.contains(name))
            fields[name] = toJson(value);
    };
    fill("id_at_origin", fileName);
    fill("document_name",
         extraction.title.trimmed().isEmpty() ? fileName : extraction.title.trimmed());
    fill("document_type", toString(extraction.type));
    Json metadata = extraction.metadata.is_object() ? extraction.metadata : Json::object();
    if (fields.contains("metadata") && fields["metadata"].is_object())
        metadata.update(fields["metadata"]);
    if (!fields.contains("metadata") || fields["metadata"].is_object())
        fields["metadata"] = std::move(metadata);
}

} // namespace

Result<DocumentInput> documentFromUpload(const Request &request,
                                         const FileReader &readFile,
                                         const std::atomic_bool &cancelled)
{
    auto form = readForm(request);
    if (!form)
        return form.error();
    // Every mistake in the form is found before the file is read.
    Json trial = form->fields;
    trial["content"] = "";
    addDefaults(trial, {}, *form->file->fileName);
    if (const auto ok = documentInputFromJson(trial); !ok)
        return ok.error();
    auto extraction = readText(*form->file, readFile, cancelled);
    if (!extraction)
        return extraction.error();
    addDefaults(form->fields, *extraction, QFileInfo(*form->file->fileName).fileName());
    form->fields["content"] = "";
    auto input = documentInputFromJson(form->fields);
    if (!input)
        return input.error();
    input->content = std::move(extraction->text);
    input->structure = std::move(extraction->structure);
    return input;
}

} // namespace llmemory::http
