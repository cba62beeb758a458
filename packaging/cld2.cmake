# The language detector CLD2, which comes without a CMake package: the target llmemory::cld2, when it is there.
# Used by the build and, installed, by programs that link the library.
find_library(CLD2_LIBRARY cld2)
find_path(CLD2_INCLUDE_DIR cld2/public/compact_lang_det.h)
mark_as_advanced(CLD2_LIBRARY CLD2_INCLUDE_DIR)
if(CLD2_LIBRARY AND CLD2_INCLUDE_DIR AND NOT TARGET llmemory::cld2)
    add_library(llmemory::cld2 UNKNOWN IMPORTED)
    set_target_properties(llmemory::cld2 PROPERTIES
        IMPORTED_LOCATION "${CLD2_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${CLD2_INCLUDE_DIR}")
endif()
