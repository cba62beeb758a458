#pragma once

#include "core/testing/verify_result.h"
