#include "core/gateway/pathparams.h"

#include <algorithm>

namespace tokenlab::gateway {

namespace {

qsizetype pathEnd(const QByteArray &target)
{
    const qsizetype query = target.indexOf('?');
    return query < 0 ? target.size() : query;
}

} // namespace

std::vector<QByteArray> pathParams(const QByteArray &target)
{
    std::vector<QByteArray> names;
    const qsizetype end = pathEnd(target);
    for (qsizetype open = target.indexOf('{'); open >= 0 && open < end; open = target.indexOf('{', open + 1)) {
        const qsizetype close = target.indexOf('}', open);
        if (close < 0 || close >= end)
            break;
        const QByteArray name = target.mid(open + 1, close - open - 1);
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
        open = close;
    }
    return names;
}

QByteArray pathText(const QByteArray &value)
{
    return value.toPercentEncoding("!$&'()*+,;=:@");
}

QByteArray encodedPath(const QByteArray &path)
{
    return path.toPercentEncoding("/{}!$&'()*+,;=:@");
}

QByteArray filledPath(const QByteArray &target, const std::map<QByteArray, QByteArray> &values)
{
    const qsizetype end = pathEnd(target);
    QByteArray filled;
    qsizetype at = 0;
    for (qsizetype open = target.indexOf('{'); open >= 0 && open < end; open = target.indexOf('{', at)) {
        const qsizetype close = target.indexOf('}', open);
        if (close < 0 || close >= end)
            break;
        filled += target.mid(at, open - at);
        const auto value = values.find(target.mid(open + 1, close - open - 1));
        filled += value == values.end() || value->second.isEmpty() ? target.mid(open, close + 1 - open) : pathText(value->second);
        at = close + 1;
    }
    return filled + target.mid(at);
}

} // namespace tokenlab::gateway
