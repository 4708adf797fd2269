// The official schema's facts in the form that schema.cpp walks: what each object may hold, and of which kind.
#pragma once

#include <QByteArray>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tokenlab::problems::schema {

struct Object;

struct Shape {
    enum Kind { Any, String, Boolean, Integer, Number, Array, Structure, Const, OneOfTexts, OneOfNumbers, Unjudged };
    enum Pattern { NoPattern, Duration, EndpointPath, KeeperUrl, SequentialParameter, Something };

    Kind kind = Any;
    Pattern pattern = NoPattern;
    std::vector<QByteArray> texts;
    std::vector<int> numbers;    // OneOfNumbers, Const
    std::optional<int> min, max; // of a number, or of an array's elements
    bool unique = false;
    std::shared_ptr<const Shape> item;
    std::shared_ptr<const Object> object; // Structure
    // The schema stands in a document of its own: its errors get a heading at the place that refers to it.
    bool reference = false;
    std::shared_ptr<const Shape> alsoItem; // with a reference to a list: what the place demands of its elements besides
    // Structure, Unjudged: which type is demanded at the place itself; empty: none.
    QByteArray type;
};

struct Choice {
    std::vector<QByteArray> required;
    std::optional<int> maxMembers; // instead
    QByteArray type;               // instead, or first
};

struct Object {
    enum How { None, Any, One };

    QByteArray type = "object"; // empty: other types pass, unless a choice refuses them
    bool closed = true;         // no other members but those that start with @ $ _ #
    std::vector<QByteArray> required;
    std::map<QByteArray, Shape> members;
    How how = None;
    std::vector<Choice> choices;
    std::optional<int> minMembers;
};

// The whole file.
[[nodiscard]] const Shape &root();
// `^[0-9]+(ns|…)$`, and whether a text fits it.
[[nodiscard]] QByteArray patternText(Shape::Pattern pattern);
[[nodiscard]] bool fits(Shape::Pattern pattern, QByteArrayView text);

} // namespace tokenlab::problems::schema
