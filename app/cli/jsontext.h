// JSON objects in the order in which their members are added: what scripts read from --json.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace tokenlab::cli {

[[nodiscard]] QByteArray jsonString(QByteArrayView text);
[[nodiscard]] QByteArray jsonStringOrNull(QByteArrayView text); // null when empty
[[nodiscard]] inline QByteArray jsonBool(bool value)
{
    return value ? QByteArrayLiteral("true") : QByteArrayLiteral("false");
}

class JsonObject
{
public:
    JsonObject &add(const char *name, const QByteArray &json) { return add(QByteArrayView(name), json); }
    JsonObject &add(QByteArrayView name, const QByteArray &json);
    [[nodiscard]] QByteArray text() const { return m_text + '}'; }

private:
    QByteArray m_text = QByteArrayLiteral("{");
};

class JsonArray
{
public:
    JsonArray &add(const QByteArray &json);
    [[nodiscard]] QByteArray text() const { return m_text + ']'; }

private:
    QByteArray m_text = QByteArrayLiteral("[");
};

} // namespace tokenlab::cli
