// JSON values as the gateway's Go code sees them after decoding: numbers keep their literal text, members are sorted by raw
// UTF-8 bytes with duplicates resolved (last wins), strings are decoded and repaired (invalid UTF-8 and lone surrogates: U+FFFD).
// Source: specification §4.3, §5. A Value is a cheap handle (one pointer) into an Arena that somebody keeps alive: a Document, or a
// std::shared_ptr<Arena> of your own. Values are immutable; new ones are made through an Arena.
#pragma once

#include <QByteArray>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace tokenlab::json {

enum class Type : quint8 { Null, Bool, Number, String, Array, Object };
// `null`, `bool`, `number`, …: as Go's errors name a kind.
[[nodiscard]] QByteArray kindName(Type type);

struct Member;
namespace detail {
struct Node;
}

class Value
{
public:
    Value() = default; // absent: exists() is false; reads as Null
    explicit Value(const detail::Node *node) : m_node(node) {}

    [[nodiscard]] bool exists() const { return m_node != nullptr; }
    [[nodiscard]] Type type() const;
    [[nodiscard]] bool isNull() const { return type() == Type::Null; }
    [[nodiscard]] bool isBool() const { return type() == Type::Bool; }
    [[nodiscard]] bool isNumber() const { return type() == Type::Number; }
    [[nodiscard]] bool isString() const { return type() == Type::String; }
    [[nodiscard]] bool isArray() const { return type() == Type::Array; }
    [[nodiscard]] bool isObject() const { return type() == Type::Object; }
    // Go's map[string]interface{}: what auth/signer can sign. False for an opaque object (a Go struct); true for a nil map.
    [[nodiscard]] bool isMap() const;
    [[nodiscard]] bool isNilMap() const; // an object that is written as null

    [[nodiscard]] bool asBool() const;                     // false unless Bool true
    [[nodiscard]] std::string_view text() const;           // String: decoded bytes; Number: the literal; else empty
    [[nodiscard]] QByteArray bytes() const;                // a copy of text()
    [[nodiscard]] double toDouble() const;                 // Number as Go's float64 (±inf where out of range); else 0
    [[nodiscard]] std::size_t size() const;                // elements or members; else 0
    [[nodiscard]] Value at(std::size_t index) const;       // Array; absent when out of range
    [[nodiscard]] std::span<const Value> elements() const; // Array; else empty
    [[nodiscard]] std::span<const Member> members() const; // Object, sorted (opaque: in its own order); else empty
    [[nodiscard]] Value find(std::string_view name) const; // exact; absent when missing
    [[nodiscard]] const detail::Node *node() const { return m_node; }

private:
    const detail::Node *m_node = nullptr;
};

struct Member {
    std::string_view name;
    Value value;
};

// Monotonic storage of nodes and bytes; not thread-safe while being written to.
class Arena
{
public:
    Arena();
    ~Arena();
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;

    [[nodiscard]] Value null();
    [[nodiscard]] Value boolean(bool);
    [[nodiscard]] Value number(std::string_view literal);   // copied; must be a JSON number
    [[nodiscard]] Value string(std::string_view bytes);     // copied
    [[nodiscard]] Value stringView(std::string_view bytes); // not copied: caller keeps the bytes alive (see keep())
    [[nodiscard]] Value array(std::span<const Value> elements);
    // Sorts by name; of equal names the last wins. Names are not copied: use copy() for temporary ones.
    [[nodiscard]] Value object(std::span<const Member> members);
    [[nodiscard]] Value opaqueObject(std::span<const Member> members); // a Go struct: order kept, never signable
    [[nodiscard]] Value nilMap();
    [[nodiscard]] std::string_view copy(std::string_view bytes);
    void keep(std::shared_ptr<const void> owner); // keeps another owner (a Document's arena, a buffer) alive as long as this arena

    struct Private;
    [[nodiscard]] Private *d() const { return m_d.get(); }

private:
    std::unique_ptr<Private> m_d;
};

// A parsed text with everything its values point into.
class Document
{
public:
    Document() = default;
    Document(std::shared_ptr<const Arena> arena, Value root) : m_arena(std::move(arena)), m_root(root) {}
    [[nodiscard]] Value root() const { return m_root; }
    [[nodiscard]] const std::shared_ptr<const Arena> &arena() const { return m_arena; }

private:
    std::shared_ptr<const Arena> m_arena;
    Value m_root;
};

} // namespace tokenlab::json
