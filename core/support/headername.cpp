#include "core/support/headername.h"

#include <algorithm>

namespace tokenlab {

bool isTokenByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

QByteArray canonicalHeaderName(QByteArrayView name)
{
    QByteArray out = name.toByteArray();
    if (!std::all_of(out.cbegin(), out.cend(), isTokenByte))
        return out;
    bool upper = true;
    for (char &c : out) {
        if (upper && c >= 'a' && c <= 'z')
            c = char(c - 'a' + 'A');
        else if (!upper && c >= 'A' && c <= 'Z')
            c = char(c - 'A' + 'a');
        upper = c == '-';
    }
    return out;
}

} // namespace tokenlab
