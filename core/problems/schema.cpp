#include "core/problems/schema.h"

#include "core/json/parse.h"
#include "core/problems/schemafacts.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

namespace tokenlab::problems {

namespace {

using schema::Choice;
using schema::Object;
using schema::Shape;

// As the linter keeps them: a group has only other errors, a reference stands for another schema document.
struct Fault {
    enum Kind { Leaf, Choices, Group, Reference };
    Kind kind = Leaf;
    QByteArray pointer;
    QByteArray message;
    std::vector<Fault> causes;
};
using Faults = std::vector<Fault>;

QByteArray under(const QByteArray &pointer, QByteArrayView token)
{
    QByteArray escaped = token.toByteArray();
    escaped.replace('~', "~0").replace('/', "~1");
    return pointer + '/' + escaped;
}

// Go's %q between single quotes; what looks like an escaped double quote afterwards loses its backslash, as with the linter.
QByteArray quoted(QByteArrayView text)
{
    QByteArray out;
    const QString decoded = QString::fromUtf8(text.toByteArray());
    const auto codePoints = decoded.toUcs4();
    for (const uint c : codePoints) {
        switch (c) {
        case '"':
            out += "\\\"";
            continue;
        case '\\':
            out += "\\\\";
            continue;
        case '\a':
            out += "\\a";
            continue;
        case '\b':
            out += "\\b";
            continue;
        case '\f':
            out += "\\f";
            continue;
        case '\n':
            out += "\\n";
            continue;
        case '\r':
            out += "\\r";
            continue;
        case '\t':
            out += "\\t";
            continue;
        case '\v':
            out += "\\v";
            continue;
        default:
            break;
        }
        const bool printable = c < 0x80 ? c >= 0x20 && c < 0x7f : QChar::isPrint(c) && QChar::category(c) != QChar::Separator_Space;
        if (printable)
            out += QString::fromUcs4(reinterpret_cast<const char32_t *>(&c), 1).toUtf8();
        else if (c < 0x80)
            out += "\\x" + QByteArray::number(c, 16).rightJustified(2, '0');
        else if (c < 0x10000)
            out += "\\u" + QByteArray::number(c, 16).rightJustified(4, '0');
        else
            out += "\\U" + QByteArray::number(c, 16).rightJustified(8, '0');
    }
    out = '"' + out + '"';
    out.replace("\\\"", "\"").replace('\'', "\\'");
    return '\'' + out.sliced(1, std::max<qsizetype>(0, out.size() - 2)) + '\'';
}

QByteArray names(const std::vector<QByteArray> &list)
{
    QByteArray out;
    for (const QByteArray &name : list)
        out += (out.isEmpty() ? "" : ", ") + quoted(name);
    return out;
}

// Thousands in groups; from a million on with an exponent in raised digits, as x/text prints a float64.
QByteArray grouped(double value)
{
    if (value == 0)
        return "0";
    char text[64];
    const double magnitude = std::abs(value);
    const auto end = std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific).ptr;
    const QByteArray shortest(text, end - text);
    const qsizetype e = shortest.indexOf('e');
    const int exponent = shortest.sliced(e + 1).toInt();
    const QByteArray sign = value < 0 ? "-" : "";
    if (exponent >= 6) { // only whole numbers have limits here
        static constexpr const char *raised[] = {"\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
                                                 "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
        QByteArray power;
        for (const char c : QByteArray::number(exponent).rightJustified(2, '0'))
            power += raised[c - '0'];
        return sign + shortest.left(e) +
               "\xc3\x97"
               "10" +
               power;
    }
    QByteArray whole = QByteArray::number(qint64(magnitude));
    for (qsizetype at = whole.size() - 3; at > 0; at -= 3)
        whole.insert(at, ',');
    return sign + whole;
}

QByteArray typeName(json::Type type)
{
    switch (type) {
    case json::Type::Null:
        return "null";
    case json::Type::Bool:
        return "boolean";
    case json::Type::Number:
        return "number";
    case json::Type::String:
        return "string";
    case json::Type::Array:
        return "array";
    case json::Type::Object:
        break;
    }
    return "object";
}

bool isInteger(json::Value value)
{
    const double number = value.toDouble();
    return value.isNumber() && std::isfinite(number) && std::floor(number) == number;
}

bool equal(json::Value a, json::Value b)
{
    if (a.type() != b.type())
        return false;
    switch (a.type()) {
    case json::Type::Null:
        return true;
    case json::Type::Bool:
        return a.asBool() == b.asBool();
    case json::Type::Number:
        return a.toDouble() == b.toDouble();
    case json::Type::String:
        return a.text() == b.text();
    case json::Type::Array:
        return std::equal(a.elements().begin(), a.elements().end(), b.elements().begin(), b.elements().end(), equal);
    case json::Type::Object:
        break;
    }
    return std::equal(a.members().begin(), a.members().end(), b.members().begin(), b.members().end(),
                      [](const json::Member &x, const json::Member &y) { return x.name == y.name && equal(x.value, y.value); });
}

bool isAnnotation(std::string_view name)
{
    return !name.empty() && (name.front() == '@' || name.front() == '$' || name.front() == '_' || name.front() == '#');
}

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

Fault leaf(const QByteArray &pointer, QByteArray message)
{
    return {Fault::Leaf, pointer, std::move(message), {}};
}

QByteArray wrongType(json::Value value, const QByteArray &want)
{
    return "got " + typeName(value.type()) + ", want " + want;
}

QByteArray missing(const std::vector<QByteArray> &absent)
{
    return (absent.size() == 1 ? "missing property " : "missing properties ") + names(absent);
}

class Walker
{
public:
    explicit Walker(std::vector<QByteArray> *unknown) : m_unknown(unknown) {}

    std::optional<Fault> check(json::Value value, const Shape &shape, const QByteArray &pointer)
    {
        if (!shape.type.isEmpty() && typeName(value.type()) != shape.type)
            return leaf(pointer, wrongType(value, shape.type));
        Faults faults = own(value, shape, pointer);
        if (!shape.reference)
            return joined(std::move(faults), pointer);
        std::optional<Fault> inner = joined(std::move(faults), pointer);
        Faults outer;
        if (inner) {
            Fault reference{Fault::Reference, pointer, "validation failed", {}};
            if (inner->kind == Fault::Group)
                reference.causes = std::move(inner->causes);
            else
                reference.causes.push_back(std::move(*inner));
            outer.push_back(std::move(reference));
        }
        if (shape.alsoItem)
            items(value, *shape.alsoItem, pointer, outer);
        return joined(std::move(outer), pointer);
    }

private:
    static std::optional<Fault> joined(Faults faults, const QByteArray &pointer)
    {
        if (faults.empty())
            return std::nullopt;
        if (faults.size() == 1)
            return std::move(faults.front());
        return Fault{Fault::Group, pointer, "validation failed", std::move(faults)};
    }

    Faults own(json::Value value, const Shape &shape, const QByteArray &pointer)
    {
        Faults faults;
        const auto expect = [&](bool fits, const char *want) {
            if (!fits)
                faults.push_back(leaf(pointer, wrongType(value, want)));
            return fits;
        };
        switch (shape.kind) {
        case Shape::Any:
            break;
        case Shape::Unjudged:
            if (m_unknown)
                m_unknown->push_back(pointer);
            break;
        case Shape::String:
            if (expect(value.isString(), "string"))
                text(value, shape, pointer, faults);
            break;
        case Shape::Boolean:
            expect(value.isBool(), "boolean");
            break;
        case Shape::Number:
            expect(value.isNumber(), "number");
            break;
        case Shape::Integer:
            if (expect(isInteger(value), "integer"))
                limits(value, shape, pointer, faults);
            break;
        case Shape::Const:
            if (!value.isNumber() || value.toDouble() != shape.numbers.front())
                faults.push_back(leaf(pointer, "value must be " + QByteArray::number(shape.numbers.front())));
            break;
        case Shape::OneOfTexts:
            if (!value.isString() || std::find(shape.texts.begin(), shape.texts.end(), value.bytes()) == shape.texts.end())
                faults.push_back(leaf(pointer, "value must be one of " + names(shape.texts)));
            break;
        case Shape::OneOfNumbers:
            if (!value.isNumber() ||
                std::none_of(shape.numbers.begin(), shape.numbers.end(), [&](int n) { return n == value.toDouble(); })) {
                QByteArray list;
                for (const int number : shape.numbers)
                    list += (list.isEmpty() ? "" : ", ") + QByteArray::number(number);
                faults.push_back(leaf(pointer, "value must be one of " + list));
            }
            break;
        case Shape::Array:
            if (expect(value.isArray(), "array"))
                array(value, shape, pointer, faults);
            break;
        case Shape::Structure:
            object(value, *shape.object, pointer, faults);
            break;
        }
        return faults;
    }

    static void text(json::Value value, const Shape &shape, const QByteArray &pointer, Faults &faults)
    {
        const QByteArray content = value.bytes();
        if (shape.min && QString::fromUtf8(content).toUcs4().size() < *shape.min)
            faults.push_back(leaf(pointer, "minLength: got " + QByteArray::number(QString::fromUtf8(content).toUcs4().size()) + ", want " +
                                               QByteArray::number(*shape.min)));
        if (!schema::fits(shape.pattern, content))
            faults.push_back(leaf(pointer, quoted(content) + " does not match pattern " + quoted(schema::patternText(shape.pattern))));
    }

    static void limits(json::Value value, const Shape &shape, const QByteArray &pointer, Faults &faults)
    {
        const double number = value.toDouble();
        if (shape.min && number < *shape.min)
            faults.push_back(leaf(pointer, "minimum: got " + grouped(number) + ", want " + grouped(*shape.min)));
        if (shape.max && number > *shape.max)
            faults.push_back(leaf(pointer, "maximum: got " + grouped(number) + ", want " + grouped(*shape.max)));
    }

    void items(json::Value value, const Shape &item, const QByteArray &pointer, Faults &faults)
    {
        std::size_t index = 0;
        for (const json::Value element : value.elements()) {
            if (std::optional<Fault> fault = check(element, item, pointer + '/' + QByteArray::number(qulonglong(index))))
                faults.push_back(std::move(*fault));
            ++index;
        }
    }

    void array(json::Value value, const Shape &shape, const QByteArray &pointer, Faults &faults)
    {
        const auto size = [](std::size_t n) { return grouped(double(n)); };
        if (shape.min && value.size() < std::size_t(*shape.min))
            faults.push_back(leaf(pointer, "minItems: got " + size(value.size()) + ", want " + grouped(*shape.min)));
        if (shape.max && value.size() > std::size_t(*shape.max))
            faults.push_back(leaf(pointer, "maxItems: got " + size(value.size()) + ", want " + grouped(*shape.max)));
        if (shape.unique)
            if (const auto twins = duplicates(value))
                faults.push_back(leaf(pointer, "items at " + size(twins->first) + " and " + size(twins->second) + " are equal"));
        if (shape.item)
            items(value, *shape.item, pointer, faults);
    }

    // The first element that was there before, and where. Texts, which these lists hold, are looked up; the rest is compared.
    static std::optional<std::pair<std::size_t, std::size_t>> duplicates(json::Value value)
    {
        std::map<std::string_view, std::size_t> texts;
        std::vector<std::pair<json::Value, std::size_t>> others;
        std::size_t index = 0;
        for (const json::Value element : value.elements()) {
            if (element.isString()) {
                const auto [place, isNew] = texts.emplace(element.text(), index);
                if (!isNew)
                    return std::pair(place->second, index);
            } else {
                for (const auto &[other, at] : others)
                    if (equal(other, element))
                        return std::pair(at, index);
                if (others.size() < 10'000) // a list of that many different numbers is none that the gateway reads
                    others.emplace_back(element, index);
            }
            ++index;
        }
        return std::nullopt;
    }

    static std::vector<QByteArray> absent(json::Value value, const std::vector<QByteArray> &required)
    {
        std::vector<QByteArray> out;
        for (const QByteArray &name : required)
            if (!value.find({name.constData(), std::size_t(name.size())}).exists())
                out.push_back(name);
        return out;
    }

    static std::optional<Fault> choice(json::Value value, const Choice &option, const QByteArray &pointer)
    {
        if (!option.type.isEmpty() && typeName(value.type()) != option.type)
            return leaf(pointer, wrongType(value, option.type));
        if (!value.isObject())
            return std::nullopt;
        if (option.maxMembers && value.size() > std::size_t(*option.maxMembers))
            return leaf(pointer, "maxProperties: got " + grouped(double(value.size())) + ", want " + grouped(*option.maxMembers));
        if (const std::vector<QByteArray> gone = absent(value, option.required); !gone.empty())
            return leaf(pointer, missing(gone));
        return std::nullopt;
    }

    static void choices(json::Value value, const Object &object, const QByteArray &pointer, Faults &faults)
    {
        Faults failed;
        std::vector<std::size_t> matched;
        for (std::size_t i = 0; i < object.choices.size(); ++i) {
            std::optional<Fault> fault = choice(value, object.choices[i], pointer);
            if (fault)
                failed.push_back(std::move(*fault));
            else
                matched.push_back(i);
        }
        if (matched.empty()) {
            faults.push_back({Fault::Choices, pointer, object.how == Object::One ? "'oneOf' failed, none matched" : "'anyOf' failed",
                              std::move(failed)});
        } else if (object.how == Object::One && matched.size() > 1) {
            faults.push_back(leaf(pointer, "'oneOf' failed, subschemas " + QByteArray::number(qulonglong(matched[0])) + ", " +
                                               QByteArray::number(qulonglong(matched[1])) + " matched"));
        }
    }

    void object(json::Value value, const Object &object, const QByteArray &pointer, Faults &faults)
    {
        if (!object.type.isEmpty() && typeName(value.type()) != object.type) {
            faults.push_back(leaf(pointer, wrongType(value, object.type)));
            return;
        }
        if (value.isObject()) {
            if (object.minMembers && value.size() < std::size_t(*object.minMembers))
                faults.push_back(
                    leaf(pointer, "minProperties: got " + grouped(double(value.size())) + ", want " + grouped(*object.minMembers)));
            if (const std::vector<QByteArray> gone = absent(value, object.required); !gone.empty())
                faults.push_back(leaf(pointer, missing(gone)));
            std::vector<QByteArray> unknown;
            for (const json::Member &member : value.members()) {
                const QByteArray name = bytes(member.name);
                const auto known = object.members.find(name);
                if (known != object.members.end()) {
                    if (std::optional<Fault> fault = check(member.value, known->second, under(pointer, name)))
                        faults.push_back(std::move(*fault));
                } else if (object.closed && !isAnnotation(member.name)) {
                    unknown.push_back(name);
                }
            }
            if (!unknown.empty())
                faults.push_back(leaf(pointer, "additional properties " + names(unknown) + " not allowed"));
        }
        if (object.how != Object::None)
            choices(value, object, pointer, faults);
    }

    std::vector<QByteArray> *m_unknown;
};

void list(const Fault &fault, std::vector<SchemaViolation> &out, bool causesOnly)
{
    const bool isHead = fault.kind == Fault::Group || fault.kind == Fault::Reference;
    const bool hidden = (fault.kind == Fault::Reference && fault.causes.size() == 1) || (isHead && causesOnly);
    if (!hidden)
        out.push_back({fault.pointer, fault.message});
    if (fault.kind == Fault::Choices && causesOnly)
        return;
    for (const Fault &cause : fault.causes)
        list(cause, out, causesOnly);
}

json::Document parsed(const json::SyntaxTree &document)
{
    auto result = json::parse(document.source());
    return result ? *std::move(result) : json::Document();
}

std::vector<SchemaViolation> violations(const json::SyntaxTree &document, bool causesOnly)
{
    const json::Document values = parsed(document);
    std::vector<SchemaViolation> out;
    if (!values.root().exists())
        return out;
    const std::optional<Fault> fault = Walker(nullptr).check(values.root(), schema::root(), {});
    if (!fault)
        return out;
    // At the root a group goes without its heading.
    if (fault->kind == Fault::Group) {
        for (const Fault &cause : fault->causes)
            list(cause, out, causesOnly);
    } else {
        list(*fault, out, causesOnly);
    }
    std::stable_sort(out.begin(), out.end(), [](const SchemaViolation &a, const SchemaViolation &b) {
        return a.pointer != b.pointer ? a.pointer < b.pointer : a.message < b.message;
    });
    return out;
}

} // namespace

std::vector<SchemaViolation> lint(const json::SyntaxTree &document)
{
    return violations(document, false);
}

std::vector<SchemaViolation> lintCauses(const json::SyntaxTree &document)
{
    return violations(document, true);
}

QByteArray lintLine(const SchemaViolation &violation)
{
    return "at " + quoted(violation.pointer) + ": " + violation.message;
}

std::vector<QByteArray> unjudged(const json::SyntaxTree &document)
{
    std::vector<QByteArray> places;
    const json::Document values = parsed(document);
    if (values.root().exists())
        std::ignore = Walker(&places).check(values.root(), schema::root(), {});
    std::sort(places.begin(), places.end(), [&](const QByteArray &a, const QByteArray &b) { return document.find(a) < document.find(b); });
    return places;
}

LintVerdict lintVerdict(const json::SyntaxTree &document)
{
    if (!lint(document).empty())
        return LintVerdict::Refused;
    return unjudged(document).empty() ? LintVerdict::Clean : LintVerdict::Unknown;
}

std::vector<QByteArray> schemaMembers(QByteArrayView pointer)
{
    const Shape *shape = &schema::root();
    if (!pointer.isEmpty()) {
        const QList<QByteArray> tokens = pointer.sliced(1).toByteArray().split('/');
        for (QByteArray token : tokens) {
            token.replace("~1", "/").replace("~0", "~");
            if (shape->kind == Shape::Array && shape->item) {
                shape = shape->item.get();
                continue;
            }
            if (shape->kind != Shape::Structure)
                return {};
            const auto member = shape->object->members.find(token);
            if (member == shape->object->members.end())
                return {};
            shape = &member->second;
        }
    }
    std::vector<QByteArray> out;
    if (shape->kind == Shape::Structure)
        for (const auto &[name, inner] : shape->object->members)
            out.push_back(name);
    return out;
}

} // namespace tokenlab::problems
