#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

namespace llmemory {

/// A value, or the Error that took its place. A dropped Result is a compiler warning.
/// Return a value or an Error directly: `return Error::notFound(…);`
template <typename T = void>
class [[nodiscard]] Result : public tl::expected<T, Error>
{
public:
    using Base = tl::expected<T, Error>;
    using Base::Base;
    Result() = default;
    Result(Base base) : Base(std::move(base)) {}
    Result(Error error) : Base(tl::unexpect, std::move(error)) {}
};

} // namespace llmemory
