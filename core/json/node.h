// What a Value points to, and the arena's inside. For the sources of this folder only.
#pragma once

#include "core/json/value.h"

#include <cstring>

namespace tokenlab::json::detail {

enum NodeFlag : quint8 {
    True = 1,        // Bool
    Opaque = 2,      // Object: a Go struct
    NilMap = 4,      // Object: written as null
    PlainText = 8,   // String: its bytes are written as they are, under Escapes::Standard and JoseFork
    PlainNames = 16, // Object: all its names are such
};

// Two words: a document of some megabytes has a hundred thousand of them.
struct Node {
    constexpr Node(Type ofType, quint8 withFlags, const void *at = nullptr, std::size_t count = 0)
        : type(ofType), flags(withFlags), size(count & 0xFFFFFFFFFFFFULL), data(at)
    {
    }

    Type type;
    quint8 flags;
    quint64 size : 48; // bytes, elements or members
    const void *data;  // char, Value or Member

    [[nodiscard]] std::string_view text() const { return {static_cast<const char *>(data), size}; }
    [[nodiscard]] std::span<const Value> elements() const { return {static_cast<const Value *>(data), size}; }
    [[nodiscard]] std::span<const Member> members() const { return {static_cast<const Member *>(data), size}; }
};

static_assert(sizeof(Node) == 16);

inline constexpr Node NullNode{Type::Null, 0};
inline constexpr Node TrueNode{Type::Bool, True};
inline constexpr Node FalseNode{Type::Bool, 0};
inline constexpr Node NilMapNode{Type::Object, NilMap};
inline constexpr Node EmptyObjectNode{Type::Object, PlainNames};
inline constexpr Node EmptyArrayNode{Type::Array, 0};

// Raw bytes, as Go compares strings. The first byte decides most of the time.
Q_ALWAYS_INLINE bool lessName(std::string_view a, std::string_view b)
{
    if (!a.empty() && !b.empty() && a.front() != b.front())
        return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front());
    return a < b;
}

// Sorts by name, keeps the last of equal names; returns how many are left.
std::size_t sortMembers(Member *members, std::size_t count);

// Copies without a call for the short texts that JSON is made of.
Q_ALWAYS_INLINE void copyBytes(char *to, const char *from, std::size_t size)
{
    if (size >= 16) {
        if (size > 64) {
            std::memcpy(to, from, size);
            return;
        }
        std::size_t at = 0;
        for (; at + 16 <= size; at += 16)
            std::memcpy(to + at, from + at, 16);
        std::memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        std::memcpy(to, from, 8);
        std::memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        std::memcpy(to, from, 4);
        std::memcpy(to + size - 4, from + size - 4, 4);
    } else {
        for (std::size_t at = 0; at < size; ++at)
            to[at] = from[at];
    }
}

// A stack that lives in its owner until it outgrows it. T is trivially copyable.
template <class T, std::size_t N>
class Stack
{
public:
    Stack() = default;
    ~Stack()
    {
        if (m_data != local())
            ::operator delete(m_data);
    }
    Stack(const Stack &) = delete;
    Stack &operator=(const Stack &) = delete;

    Q_ALWAYS_INLINE void push(const T &item)
    {
        if (Q_UNLIKELY(m_size == m_capacity))
            grow();
        m_data[m_size++] = item;
    }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] T &back() { return m_data[m_size - 1]; }
    [[nodiscard]] T *from(std::size_t index) { return m_data + index; }
    void cut(std::size_t size) { m_size = size; }

private:
    T *local() { return reinterpret_cast<T *>(m_local); }
    Q_NEVER_INLINE void grow()
    {
        T *bigger = static_cast<T *>(::operator new(m_capacity * 2 * sizeof(T)));
        std::memcpy(static_cast<void *>(bigger), m_data, m_size * sizeof(T));
        if (m_data != local())
            ::operator delete(m_data);
        m_data = bigger;
        m_capacity *= 2;
    }
    alignas(T) char m_local[N * sizeof(T)];
    T *m_data = local();
    std::size_t m_size = 0;
    std::size_t m_capacity = N;
};

} // namespace tokenlab::json::detail

namespace tokenlab::json {

struct Arena::Private {
    Private() = default;
    ~Private();
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    // Aligned for everything that is stored here.
    Q_ALWAYS_INLINE char *allocate(std::size_t size)
    {
        const std::size_t rounded = (size + 7) & ~std::size_t(7);
        if (Q_UNLIKELY(rounded > std::size_t(end - next)))
            return allocateBlock(rounded);
        char *place = next;
        next += rounded;
        return place;
    }
    // Gives back the end of the latest allocation.
    void shrink(char *place, std::size_t size) { next = place + ((size + 7) & ~std::size_t(7)); }
    char *allocateBlock(std::size_t size);

    Q_ALWAYS_INLINE const detail::Node *node(Type type, quint8 flags, const void *data, std::size_t size)
    {
        return ::new (static_cast<void *>(allocate(sizeof(detail::Node)))) detail::Node(type, flags, data, size);
    }

    struct Block {
        Block *previous;
    };
    char *next = first;
    char *end = first + sizeof first;
    Block *blocks = nullptr;
    std::size_t nextBlockSize = 4096;
    QByteArray source; // what a parsed document's views point into
    std::vector<std::shared_ptr<const void>> owners;
    alignas(16) char first[1536]; // small documents need no block at all
};

} // namespace tokenlab::json
