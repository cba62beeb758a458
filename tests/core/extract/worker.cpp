// The real worker, without the program around it.

#include "core/extract/extraction_worker.h"

int main(int argc, char **argv)
{
    return llmemory::extract::runExtractionWorker(argc, argv);
}
