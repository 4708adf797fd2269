// Result<T, E>: a value or a typed error. Errors are values everywhere in Token Lab; only core/text turns them into words.
#pragma once

#include <cstdlib>
#include <type_traits>
#include <utility>
#include <variant>

namespace tokenlab {

// Wraps an error so that Result<T, E> can be returned from `return fail(E{…})` even where T and E are alike.
template <class E>
struct Failure {
    E error;
};

template <class E>
[[nodiscard]] Failure<std::decay_t<E>> fail(E &&error)
{
    return {std::forward<E>(error)};
}

template <class T, class E>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    template <class F>
        requires std::is_convertible_v<F, E>
    Result(Failure<F> failure) : m_state(std::in_place_index<1>, std::move(failure.error))
    {
    }

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    // Reading the side that is not there is a programming error and ends the program (std::get would throw).
    [[nodiscard]] const T &value() const & { return *check<0>(std::get_if<0>(&m_state)); }
    [[nodiscard]] T &value() & { return *check<0>(std::get_if<0>(&m_state)); }
    [[nodiscard]] T &&value() && { return std::move(*check<0>(std::get_if<0>(&m_state))); }
    [[nodiscard]] const E &error() const & { return *check<1>(std::get_if<1>(&m_state)); }
    [[nodiscard]] E &&error() && { return std::move(*check<1>(std::get_if<1>(&m_state))); }

    const T &operator*() const & { return value(); }
    T &operator*() & { return value(); }
    const T *operator->() const { return &value(); }
    T *operator->() { return &value(); }

private:
    template <int, class P>
    static P *check(P *p)
    {
        if (!p)
            std::abort();
        return p;
    }
    std::variant<T, E> m_state;
};

template <class E>
class [[nodiscard]] Result<void, E>
{
public:
    Result() = default;
    template <class F>
        requires std::is_convertible_v<F, E>
    Result(Failure<F> failure) : m_state(std::in_place_index<1>, std::move(failure.error))
    {
    }
    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] const E &error() const
    {
        const E *e = std::get_if<1>(&m_state);
        if (!e)
            std::abort();
        return *e;
    }

private:
    std::variant<std::monostate, E> m_state;
};

} // namespace tokenlab
