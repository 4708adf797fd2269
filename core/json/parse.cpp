#include "core/json/parse.h"

#include "core/json/node.h"
#include "core/json/scanner.h"

#include <algorithm>
#include <numeric>

namespace tokenlab::json {

namespace {

using detail::Context;
using detail::RawString;

// Builds values. Members and elements of unfinished containers lie on two stacks; a closed one moves into the arena in one piece.
class Builder
{
public:
    Builder(Arena::Private &arena, QByteArrayView source, const Policy &policy) : m_arena(arena), m_source(source), m_policy(policy) {}

    [[nodiscard]] Context context() const { return m_current.kind; }

    void open(Context kind, const char *)
    {
        m_outer.push(m_current);
        m_current = {kind == Context::Object ? m_members.size() : m_values.size(), kind, true};
    }

    void close(const char *)
    {
        const Frame closed = m_current;
        m_current = m_outer.back();
        m_outer.cut(m_outer.size() - 1);
        if (closed.kind == Context::Object)
            closeObject(closed);
        else
            closeArray(closed);
    }

    Q_ALWAYS_INLINE void name(const RawString &raw)
    {
        bool plain = false;
        const std::string_view text = keep(raw, plain);
        m_current.plainNames &= plain;
        m_members.push({text, Value()});
        if (Q_UNLIKELY(m_policy.uniqueMembers))
            m_positions.push(raw.begin - 1 - m_source.data());
    }

    Q_ALWAYS_INLINE void string(const RawString &raw)
    {
        bool plain = false;
        const std::string_view text = keep(raw, plain);
        put(m_arena.node(Type::String, plain ? quint8(detail::PlainText) : quint8(0), text.data(), text.size()));
    }

    Q_ALWAYS_INLINE void number(const char *begin, const char *end) { put(m_arena.node(Type::Number, 0, begin, std::size_t(end - begin))); }

    void literal(char first, const char *, const char *)
    {
        put(first == 't' ? &detail::TrueNode : first == 'f' ? &detail::FalseNode : &detail::NullNode);
    }

    [[nodiscard]] Value root() const { return m_root; }
    [[nodiscard]] qsizetype duplicateOffset() const { return m_duplicateOffset; }
    [[nodiscard]] std::string_view duplicateName() const { return m_duplicateName; }

private:
    struct Frame {
        std::size_t start;
        Context kind;
        bool plainNames;
    };

    Q_ALWAYS_INLINE void put(const detail::Node *node)
    {
        switch (m_current.kind) {
        case Context::Object:
            m_members.back().value = Value(node);
            break;
        case Context::Array:
            m_values.push(Value(node));
            break;
        case Context::Top:
            m_root = Value(node);
            break;
        }
    }

    Q_ALWAYS_INLINE std::string_view keep(const RawString &raw, bool &plain)
    {
        if (Q_LIKELY(!raw.escaped && !raw.nonAscii)) {
            plain = !raw.html;
            return {raw.begin, raw.size()};
        }
        return keepUncommon(raw, plain);
    }
    Q_NEVER_INLINE std::string_view keepUncommon(const RawString &raw, bool &plain)
    {
        std::size_t room = raw.size();
        if (raw.nonAscii) {
            const detail::Utf8Check check = detail::checkUtf8(raw.begin, raw.end);
            if (check.fault) {
                room *= 3;
            } else if (!raw.escaped) {
                plain = !raw.html && !check.hasSeparators;
                return {raw.begin, raw.size()};
            }
        }
        char *place = m_arena.allocate(room);
        const auto size = std::size_t(detail::decodeString(raw, place) - place);
        m_arena.shrink(place, size);
        return {place, size};
    }

    void closeObject(const Frame &closed)
    {
        Member *members = m_members.from(closed.start);
        std::size_t count = m_members.size() - closed.start;
        if (count == 0) {
            put(&detail::EmptyObjectNode);
            return;
        }
        if (Q_UNLIKELY(m_policy.uniqueMembers)) {
            if (m_policy.uniqueEverywhere || m_outer.empty())
                noteDuplicate(closed.start, count);
            m_positions.cut(closed.start);
        }
        count = detail::sortMembers(members, count);
        char *place = m_arena.allocate(count * sizeof(Member));
        std::memcpy(place, static_cast<const void *>(members), count * sizeof(Member));
        m_members.cut(closed.start);
        put(m_arena.node(Type::Object, closed.plainNames ? quint8(detail::PlainNames) : quint8(0), place, count));
    }

    void closeArray(const Frame &closed)
    {
        const std::size_t count = m_values.size() - closed.start;
        if (count == 0) {
            put(&detail::EmptyArrayNode);
            return;
        }
        char *place = m_arena.allocate(count * sizeof(Value));
        std::memcpy(place, static_cast<const void *>(m_values.from(closed.start)), count * sizeof(Value));
        m_values.cut(closed.start);
        put(m_arena.node(Type::Array, 0, place, count));
    }

    // Remembers the repeated name that comes first in the text; the syntax of the rest still decides before it.
    void noteDuplicate(std::size_t start, std::size_t count)
    {
        const Member *members = m_members.from(start);
        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return detail::lessName(members[a].name, members[b].name); });
        for (std::size_t i = 1; i < count; ++i) {
            if (members[order[i]].name != members[order[i - 1]].name)
                continue;
            const qsizetype offset = *m_positions.from(start + order[i]);
            if (m_duplicateOffset < 0 || offset < m_duplicateOffset) {
                m_duplicateOffset = offset;
                m_duplicateName = members[order[i]].name;
            }
        }
    }

    Arena::Private &m_arena;
    const QByteArrayView m_source;
    const Policy m_policy;
    Frame m_current{0, Context::Top, true};
    Value m_root;
    detail::Stack<Frame, 32> m_outer;
    detail::Stack<Member, 64> m_members;
    detail::Stack<Value, 64> m_values;
    detail::Stack<qsizetype, 64> m_positions; // of the names on m_members; only where names must be unique
    qsizetype m_duplicateOffset = -1;
    std::string_view m_duplicateName;
};

// strconv.Quote of one rune below U+0100, in single quotes.
QByteArray quoted(char32_t c)
{
    static constexpr char digits[] = "0123456789abcdef";
    switch (c) {
    case U'\'':
        return "'\\''";
    case U'"':
        return "'\"'";
    case U'\\':
        return "'\\\\'";
    case U'\a':
        return "'\\a'";
    case U'\b':
        return "'\\b'";
    case U'\f':
        return "'\\f'";
    case U'\n':
        return "'\\n'";
    case U'\r':
        return "'\\r'";
    case U'\t':
        return "'\\t'";
    case U'\v':
        return "'\\v'";
    default:
        break;
    }
    QByteArray out = "'";
    if (c < 0x20 || c == 0x7F) {
        out += "\\x";
        out += digits[c >> 4 & 15];
        out += digits[c & 15];
    } else if (c < 0x7F) {
        out += char(c);
    } else if (c <= 0xA0 || c == 0xAD) { // not printable to Go
        out += "\\u00";
        out += digits[c >> 4 & 15];
        out += digits[c & 15];
    } else {
        out += char(0xC0 | c >> 6);
        out += char(0x80 | (c & 0x3F));
    }
    out += '\'';
    return out;
}

} // namespace

QByteArray gatewayText(const SyntaxError &error)
{
    switch (error.kind) {
    case SyntaxError::UnexpectedEnd:
        return "unexpected end of JSON input";
    case SyntaxError::Eof:
        return "EOF";
    case SyntaxError::UnexpectedEof:
        return "unexpected EOF";
    case SyntaxError::InvalidCharacter:
        return "invalid character " + quoted(error.character) + ' ' + error.context;
    case SyntaxError::MaxDepth:
        return "invalid character " + quoted(error.character) + " exceeded max depth";
    case SyntaxError::DuplicateMember:
        return "json: duplicate key '" + error.context + "' in object";
    case SyntaxError::InvalidUtf8:
        return "invalid UTF-8 or unpaired surrogate in string literal"; // the strict policy's; the gateway never says it
    }
    return {};
}

Position positionOf(QByteArrayView source, qsizetype offset)
{
    Position position;
    const qsizetype until = std::clamp<qsizetype>(offset, 0, source.size());
    for (qsizetype i = 0; i < until; ++i) {
        const char c = source[i];
        if (c == '\n' || (c == '\r' && !(i + 1 < source.size() && source[i + 1] == '\n'))) {
            ++position.line;
            position.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            ++position.column;
        }
    }
    return position;
}

Result<Document, SyntaxError> parse(const QByteArray &source, const Policy &policy)
{
    auto arena = std::make_shared<Arena>();
    Arena::Private &inside = *arena->d();
    inside.source = source;
    inside.nextBlockSize = std::clamp<std::size_t>(std::size_t(source.size()) * 2, 4096, std::size_t(8) << 20);

    Builder builder(inside, inside.source, policy);
    detail::Scanner<Builder> scanner(inside.source, policy, builder);
    if (!scanner.run())
        return fail(scanner.error());
    if (Q_UNLIKELY(builder.duplicateOffset() >= 0)) {
        const std::string_view name = builder.duplicateName();
        return fail(
            SyntaxError{SyntaxError::DuplicateMember, builder.duplicateOffset(), 0, QByteArray(name.data(), qsizetype(name.size()))});
    }
    return Document(std::move(arena), builder.root());
}

} // namespace tokenlab::json
