#include "app/cli/jsontext.h"

#include "core/json/writer.h"

namespace tokenlab::cli {

QByteArray jsonString(QByteArrayView text)
{
    QByteArray out;
    json::appendString(out, std::string_view(text.data(), std::size_t(text.size())));
    return out;
}

QByteArray jsonStringOrNull(QByteArrayView text)
{
    return text.isEmpty() ? QByteArrayLiteral("null") : jsonString(text);
}

JsonObject &JsonObject::add(QByteArrayView name, const QByteArray &json)
{
    if (m_text.size() > 1)
        m_text += ',';
    m_text += jsonString(name) + ':' + json;
    return *this;
}

JsonArray &JsonArray::add(const QByteArray &json)
{
    if (m_text.size() > 1)
        m_text += ',';
    m_text += json;
    return *this;
}

} // namespace tokenlab::cli
