#include "core/embed/static/static_embedder.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>
#include <nlohmann/json.hpp>

using namespace llmemory;

namespace {

int fail(const QString &message)
{
    std::fprintf(stderr, "%s\n", qPrintable(message));
    return 1;
}

Result<QList<QString>> readTexts(QFile &input)
{
    QList<QString> texts;
    for (QByteArray line = input.readLine(); !line.isEmpty(); line = input.readLine()) {
        const auto text = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
        if (!text.is_string()) {
            return Error{.kind = ErrorKind::Validation,
                         .message = QStringLiteral("Line %1 of the input is no JSON string.")
                                        .arg(texts.size() + 1)};
        }
        texts += QString::fromStdString(text.get<std::string>());
    }
    return texts;
}

} // namespace

/// embed_texts MODEL-DIRECTORY
/// Reads a JSON string a line, writes the vectors one after another, as 32-bit floats in the order
/// of this machine's bytes. What packaging/embedding-model/figures.py judges a model with.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 2)
        return fail(QStringLiteral("usage: embed_texts MODEL-DIRECTORY < texts > vectors"));
    const auto embedder = embed::StaticEmbedder::load(arguments[1], {});
    if (!embedder)
        return fail(embedder.error().message);
    QFile input;
    QFile output;
    if (!input.open(stdin, QIODevice::ReadOnly) || !output.open(stdout, QIODevice::WriteOnly))
        return fail(QStringLiteral("Standard input and output are needed."));
    const auto texts = readTexts(input);
    if (!texts)
        return fail(texts.error().message);
    const auto vectors = (*embedder)->embedDocuments(*texts);
    if (!vectors)
        return fail(vectors.error().message);
    for (const embed::Vector &vector : *vectors) {
        const auto bytes = qint64(vector.size() * sizeof(float));
        if (output.write(reinterpret_cast<const char *>(vector.data()), bytes) != bytes)
            return fail(output.errorString());
    }
    return 0;
}
