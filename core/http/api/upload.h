#pragma once

#include "core/documents/document.h"
#include "core/http/api/file_reader.h"
#include "core/http/request.h"

namespace llmemory::http {

/// Reads `multipart/form-data` with the fields of a document and a `file`, whose text takes the
/// place of `content`. Where they are missing, `id_at_origin` is the file's name, `document_name`
/// the title in the file or its name, `document_type` what the file is; the file's own metadata
/// stands below that of the form. The file is written to a private folder for as long as it is
/// read. Blocks. Error: Validation with the field; Extraction with code "file_encrypted" and so on;
/// Cancelled; Unavailable when there is no room for the file.
Result<DocumentInput> documentFromUpload(const Request &request,
                                         const FileReader &readFile,
                                         const std::atomic_bool &cancelled);

} // namespace llmemory::http
