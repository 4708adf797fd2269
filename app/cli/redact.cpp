#include "app/cli/redact.h"

namespace tokenlab::cli {

bool isSecretHeader(QByteArrayView name)
{
    const QByteArray lower = name.toByteArray().toLower();
    return lower == "authorization" || lower == "proxy-authorization" || lower == "cookie" || lower.contains("api-key") ||
           lower.contains("token") || lower.contains("secret");
}

QByteArray shownHeader(const http::Header &header, bool showSecrets)
{
    return showSecrets || !isSecretHeader(header.name) ? header.value : QByteArrayLiteral("(not shown)");
}

} // namespace tokenlab::cli
