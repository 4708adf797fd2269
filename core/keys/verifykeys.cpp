#include "core/keys/verifykeys.h"

#include <algorithm>

namespace tokenlab::keys {

bool beginsAsJson(QByteArrayView text)
{
    const QByteArrayView start = text.first(std::min<qsizetype>(text.size(), 64)).trimmed();
    return start.isEmpty() || start.startsWith('{') || start.startsWith('[');
}

jose::VerificationKeys verifyKeysOf(const Imported &imported, bool secrets)
{
    jose::VerificationKeys keys;
    for (std::size_t i = 0; i < imported.entries.size(); ++i)
        if (const auto &key = imported.entries[i].key(); key && (secrets || imported.sources[i].form != Form::Secret))
            keys.set.keys.push_back(key->publicKey().withKid({}));
    return keys;
}

Result<jose::VerificationKeys, VerifyKeysError> readVerifyKeys(const QByteArray &text)
{
    if (beginsAsJson(text)) {
        if (const auto syntax = json::parse(text); !syntax)
            return fail(VerifyKeysError(syntax.error()));
        auto keys = jose::readVerificationKeys(text);
        if (!keys)
            return fail(VerifyKeysError(keys.error()));
        return std::move(*keys);
    }
    const auto imported = import(text);
    if (!imported)
        return fail(VerifyKeysError(imported.error()));
    jose::VerificationKeys keys = verifyKeysOf(*imported, false);
    if (keys.set.keys.empty())
        return fail(VerifyKeysError(NoKeyInside{}));
    return keys;
}

} // namespace tokenlab::keys
