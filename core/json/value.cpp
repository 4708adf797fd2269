#include "core/json/value.h"

#include "core/json/node.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace tokenlab::json {

QByteArray kindName(Type type)
{
    switch (type) {
    case Type::Null:
        return "null";
    case Type::Bool:
        return "bool";
    case Type::Number:
        return "number";
    case Type::String:
        return "string";
    case Type::Array:
        return "array";
    case Type::Object:
        return "object";
    }
    return {};
}

namespace detail {

std::size_t sortMembers(Member *members, std::size_t count)
{
    std::size_t sorted = 1;
    while (sorted < count && lessName(members[sorted - 1].name, members[sorted].name))
        ++sorted;
    if (sorted >= count)
        return count;

    // Both ways are stable: of equal names the last stays last.
    if (count <= 24) {
        for (std::size_t i = sorted; i < count; ++i) {
            const Member moved = members[i];
            std::size_t to = i;
            for (; to > 0 && lessName(moved.name, members[to - 1].name); --to)
                members[to] = members[to - 1];
            members[to] = moved;
        }
    } else {
        std::stable_sort(members, members + count, [](const Member &a, const Member &b) { return lessName(a.name, b.name); });
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i + 1 < count && members[i].name == members[i + 1].name)
            continue;
        members[kept++] = members[i];
    }
    return kept;
}

} // namespace detail

namespace {

// Out of range for a double: too large or too small? Decided by the decimal exponent, which is then far from zero.
bool isHuge(std::string_view literal)
{
    std::size_t at = literal.front() == '-' ? 1 : 0;
    long long magnitude = 0;
    bool point = false;
    bool significant = false;
    for (; at < literal.size() && literal[at] != 'e' && literal[at] != 'E'; ++at) {
        if (literal[at] == '.') {
            point = true;
            continue;
        }
        significant = significant || literal[at] != '0';
        if (!point && significant)
            ++magnitude;
        else if (point && !significant)
            --magnitude;
    }
    if (at < literal.size()) {
        ++at;
        const bool negative = literal[at] == '-';
        if (literal[at] == '-' || literal[at] == '+')
            ++at;
        long long exponent = 0;
        for (; at < literal.size() && exponent < (1LL << 40); ++at)
            exponent = exponent * 10 + (literal[at] - '0');
        magnitude += negative ? -exponent : exponent;
    }
    return magnitude > 0;
}

} // namespace

Type Value::type() const
{
    return m_node ? m_node->type : Type::Null;
}

bool Value::isMap() const
{
    return isObject() && !(m_node->flags & detail::Opaque);
}

bool Value::isNilMap() const
{
    return m_node && (m_node->flags & detail::NilMap);
}

bool Value::asBool() const
{
    return isBool() && (m_node->flags & detail::True);
}

std::string_view Value::text() const
{
    return isString() || isNumber() ? m_node->text() : std::string_view();
}

QByteArray Value::bytes() const
{
    const std::string_view view = text();
    return QByteArray(view.data(), qsizetype(view.size()));
}

double Value::toDouble() const
{
    if (!isNumber())
        return 0;
    const std::string_view literal = m_node->text();
    double number = 0;
    const auto [end, fault] = std::from_chars(literal.data(), literal.data() + literal.size(), number);
    if (fault != std::errc::result_out_of_range)
        return number;
    const double magnitude = isHuge(literal) ? std::numeric_limits<double>::infinity() : 0.0;
    return literal.front() == '-' ? -magnitude : magnitude;
}

std::size_t Value::size() const
{
    return isArray() || isObject() ? m_node->size : 0;
}

Value Value::at(std::size_t index) const
{
    return isArray() && index < m_node->size ? m_node->elements()[index] : Value();
}

std::span<const Value> Value::elements() const
{
    return isArray() ? m_node->elements() : std::span<const Value>();
}

std::span<const Member> Value::members() const
{
    return isObject() ? m_node->members() : std::span<const Member>();
}

Value Value::find(std::string_view name) const
{
    if (!isObject())
        return {};
    const std::span<const Member> all = m_node->members();
    if (m_node->flags & detail::Opaque) {
        for (const Member &member : all) {
            if (member.name == name)
                return member.value;
        }
        return {};
    }
    const auto found =
        std::lower_bound(all.begin(), all.end(), name, [](const Member &m, std::string_view n) { return detail::lessName(m.name, n); });
    return found != all.end() && found->name == name ? found->value : Value();
}

Arena::Private::~Private()
{
    while (blocks) {
        Block *previous = blocks->previous;
        ::operator delete(blocks);
        blocks = previous;
    }
}

char *Arena::Private::allocateBlock(std::size_t size)
{
    constexpr std::size_t header = 16;
    const std::size_t room = std::max(size, nextBlockSize);
    char *raw = static_cast<char *>(::operator new(header + room));
    blocks = ::new (static_cast<void *>(raw)) Block{blocks};
    next = raw + header + size;
    end = raw + header + room;
    nextBlockSize = std::min<std::size_t>(room * 2, std::size_t(8) << 20);
    return raw + header;
}

Arena::Arena() : m_d(new Private) {}
Arena::~Arena() = default;

Value Arena::null()
{
    return Value(&detail::NullNode);
}

Value Arena::boolean(bool on)
{
    return Value(on ? &detail::TrueNode : &detail::FalseNode);
}

Value Arena::number(std::string_view literal)
{
    const std::string_view kept = copy(literal);
    return Value(m_d->node(Type::Number, 0, kept.data(), kept.size()));
}

Value Arena::string(std::string_view bytes)
{
    return stringView(copy(bytes));
}

Value Arena::stringView(std::string_view bytes)
{
    return Value(m_d->node(Type::String, 0, bytes.data(), bytes.size()));
}

Value Arena::array(std::span<const Value> elements)
{
    if (elements.empty())
        return Value(&detail::EmptyArrayNode);
    char *place = m_d->allocate(elements.size_bytes());
    std::memcpy(place, elements.data(), elements.size_bytes());
    return Value(m_d->node(Type::Array, 0, place, elements.size()));
}

Value Arena::object(std::span<const Member> members)
{
    if (members.empty())
        return Value(&detail::EmptyObjectNode);
    char *place = m_d->allocate(members.size_bytes());
    std::memcpy(place, members.data(), members.size_bytes());
    const std::size_t count = detail::sortMembers(reinterpret_cast<Member *>(place), members.size());
    return Value(m_d->node(Type::Object, 0, place, count));
}

Value Arena::opaqueObject(std::span<const Member> members)
{
    char *place = m_d->allocate(members.size_bytes());
    if (!members.empty())
        std::memcpy(place, members.data(), members.size_bytes());
    return Value(m_d->node(Type::Object, detail::Opaque, place, members.size()));
}

Value Arena::nilMap()
{
    return Value(&detail::NilMapNode);
}

std::string_view Arena::copy(std::string_view bytes)
{
    if (bytes.empty())
        return {};
    char *place = m_d->allocate(bytes.size());
    std::memcpy(place, bytes.data(), bytes.size());
    return {place, bytes.size()};
}

void Arena::keep(std::shared_ptr<const void> owner)
{
    m_d->owners.push_back(std::move(owner));
}

} // namespace tokenlab::json
