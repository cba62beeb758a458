#include "core/chunk/chunk_plan.h"

#include <QCoreApplication>

#include <algorithm>
#include <optional>

namespace llmemory::chunk {

namespace {

constexpr qsizetype kShortText = 1000;
constexpr qsizetype kLongText = 50'000;
constexpr int kMostScaledParent = 1200;
constexpr int kMostScaledChild = 500;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::chunk", text);
}

ChunkPlan planForType(DocumentType type)
{
    switch (type) {
    case DocumentType::Email:
        return {300, 150, 25, 15};
    case DocumentType::Chat:
        return {200, 100, 20, 10};
    case DocumentType::Presentation:
        return {400, 200, 30, 15};
    case DocumentType::LegalDocument:
        return {500, 250, 40, 20};
    case DocumentType::Docx:
        return {700, 350, 50, 25};
    case DocumentType::Code:
    case DocumentType::TechnicalDoc:
    case DocumentType::Pdf:
        return {800, 400, 60, 30};
    case DocumentType::Report:
    case DocumentType::BusinessReport:
    case DocumentType::Markdown:
    case DocumentType::Text:
    case DocumentType::Html:
    case DocumentType::Unknown:
        break;
    }
    return {};
}

/// The numbers a config may give, and where they go.
struct Given
{
    std::optional<int> parentSize;
    std::optional<int> childSize;
    std::optional<int> parentOverlap;
    std::optional<int> childOverlap;

    std::optional<int> *slot(const std::string &key)
    {
        if (key == "parent_size")
            return &parentSize;
        if (key == "child_size")
            return &childSize;
        if (key == "parent_overlap")
            return &parentOverlap;
        if (key == "child_overlap")
            return &childOverlap;
        return nullptr;
    }
};

QString fieldOf(const QString &key)
{
    return QStringLiteral("chunking_config.") + key;
}

Result<Given> parse(const Json &config)
{
    const QString field = QStringLiteral("chunking_config");
    if (!config.is_object())
        return Error::validation(field, tr("chunking_config must be a JSON object."));
    Given given;
    for (const auto &[key, value] : config.items()) {
        const QString name = QString::fromStdString(key);
        std::optional<int> *slot = given.slot(key);
        if (!slot)
            return Error::validation(
                fieldOf(name),
                tr("chunking_config has no setting \"%1\"; it takes parent_size, child_size, "
                   "parent_overlap and child_overlap.")
                    .arg(name));
        // Large numbers must not wrap into the range.
        const bool fits =
            value.is_number_integer() && value >= 0 && value <= ChunkPlan::kMostParent;
        if (!fits)
            return Error::validation(fieldOf(name),
                                     tr("%1 must be a whole number of tokens from 0 to %2.")
                                         .arg(name)
                                         .arg(ChunkPlan::kMostParent));
        *slot = value.get<int>();
    }
    return given;
}

Result<> checkRange(const QString &key, const std::optional<int> &value, int least, int most)
{
    if (!value || (*value >= least && *value <= most))
        return {};
    return Error::validation(
        fieldOf(key),
        tr("%1 must be %2 to %3 tokens here; it is %4.").arg(key).arg(least).arg(most).arg(*value));
}

} // namespace

ChunkPlan ChunkPlan::forText(DocumentType type, qsizetype characters)
{
    ChunkPlan plan = planForType(type);
    if (characters < kShortText) {
        plan = {
            plan.parentSize / 2, plan.childSize / 2, plan.parentOverlap / 2, plan.childOverlap / 2};
    } else if (characters > kLongText) {
        plan.parentSize = std::min(plan.parentSize * 3 / 2, kMostScaledParent);
        plan.childSize = std::min(plan.childSize * 6 / 5, kMostScaledChild);
    }
    return plan;
}

ChunkPlan ChunkPlan::withSizes(int chunkSize, int chunkOverlap) const
{
    ChunkPlan plan = *this;
    if (chunkSize > 0) {
        plan.childSize = chunkSize;
        plan.parentSize = std::clamp(chunkSize * 2, kLeastParent, kMostParent);
        plan.childOverlap = std::min(plan.childOverlap, plan.childSize / 4);
        plan.parentOverlap = std::min(plan.parentOverlap, plan.parentSize / 4);
    }
    if (chunkOverlap >= 0) {
        plan.childOverlap = std::min(chunkOverlap, plan.childSize / 2);
        plan.parentOverlap = std::min(chunkOverlap * 2, plan.parentSize / 2);
    }
    return plan;
}

Result<ChunkPlan> ChunkPlan::withConfig(const Json &config) const
{
    if (config.is_null())
        return *this;
    const Result<Given> given = parse(config);
    if (!given)
        return given.error();
    if (auto ok =
            checkRange(QStringLiteral("parent_size"), given->parentSize, kLeastParent, kMostParent);
        !ok)
        return ok.error();
    const int mostChild = std::min(kMostChild, given->parentSize.value_or(kMostChild));
    if (auto ok =
            checkRange(QStringLiteral("child_size"), given->childSize, kLeastChild, mostChild);
        !ok)
        return ok.error();

    ChunkPlan plan;
    plan.childSize = given->childSize.value_or(
        given->parentSize ? std::clamp(*given->parentSize / 2, kLeastChild, childSize) : childSize);
    plan.parentSize = given->parentSize.value_or(std::max(parentSize, plan.childSize));
    if (auto ok = checkRange(
            QStringLiteral("parent_overlap"), given->parentOverlap, 0, plan.parentSize / 2);
        !ok)
        return ok.error();
    if (auto ok =
            checkRange(QStringLiteral("child_overlap"), given->childOverlap, 0, plan.childSize / 2);
        !ok)
        return ok.error();
    plan.parentOverlap =
        given->parentOverlap.value_or(std::min(parentOverlap, plan.parentSize / 4));
    plan.childOverlap = given->childOverlap.value_or(std::min(childOverlap, plan.childSize / 4));
    return plan;
}

ChunkPlan ChunkPlan::limitedTo(int tokens) const
{
    const int most = std::max(tokens, kLeastChild);
    ChunkPlan plan;
    plan.parentSize = std::min(parentSize, most);
    plan.childSize = std::min(childSize, most);
    plan.parentOverlap = std::min(parentOverlap, plan.parentSize / 4);
    plan.childOverlap = std::min(childOverlap, plan.childSize / 4);
    return plan;
}

} // namespace llmemory::chunk
