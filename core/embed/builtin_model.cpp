#include "core/embed/builtin_model.h"

#include "core/embed/static/static_embedder.h"

#include <QResource>

#include <mutex>

// The model as one file of Qt resources. Qt's own ways to link a resource either turn 15 MB into
// C++ text or need an object library that a static library cannot export.
asm(".section .rodata\n"
    ".balign 16\n"
    ".global llmemory_builtin_model\n"
    "llmemory_builtin_model:\n"
    ".incbin \"" LLMEMORY_BUILTIN_MODEL "\"\n"
    ".byte 0\n"
    ".previous\n");
extern "C" const unsigned char llmemory_builtin_model[];

namespace llmemory::embed {

QString builtinModelDirectory()
{
    static const bool registered = QResource::registerResource(llmemory_builtin_model);
    Q_ASSERT(registered);
    return QStringLiteral(":/llmemory/embedding");
}

Result<std::shared_ptr<const Embedder>> builtinModel()
{
    static std::mutex mutex;
    static std::shared_ptr<const Embedder> model;
    const std::lock_guard lock(mutex);
    if (!model) {
        auto loaded = StaticEmbedder::load(builtinModelDirectory(),
                                           {.id = QStringLiteral("llmemory-multilingual-v1"),
                                            .name = QStringLiteral("llmemory-multilingual-v1"),
                                            .providerType = QStringLiteral("builtin")});
        if (!loaded)
            return loaded.error();
        model = std::move(*loaded);
    }
    return model;
}

} // namespace llmemory::embed
