#include "core/gateway/serviceoptions.h"

namespace tokenlab::gateway {
namespace {

LogOptions::Level levelOf(json::Value text)
{
    const QByteArray name = text.isString() ? text.bytes().toUpper() : QByteArray();
    if (name == "CRITICAL")
        return LogOptions::Critical;
    if (name == "ERROR")
        return LogOptions::Error;
    if (name == "WARNING")
        return LogOptions::Warning;
    return LogOptions::Everything; // the lab tells of nothing below a warning
}

} // namespace

QByteArray name(LogOptions::Level level)
{
    switch (level) {
    case LogOptions::Critical:
        return QByteArrayLiteral("CRITICAL");
    case LogOptions::Error:
        return QByteArrayLiteral("ERROR");
    case LogOptions::Warning:
        return QByteArrayLiteral("WARNING");
    case LogOptions::Nothing:
    case LogOptions::Everything:
        break;
    }
    return {};
}

bool LogOptions::prints(QByteArrayView line) const
{
    const Level needed = line.startsWith("WARNING ") ? Warning : line.startsWith("ERROR ") ? Error : Critical;
    return level >= needed;
}

namespace {

const char *goTypeOf(json::Value value)
{
    return value.isNull()     ? "nil"
           : value.isString() ? "string"
           : value.isNumber() ? "float64"
           : value.isArray()  ? "[]interface {}"
                              : "map[string]interface {}";
}

} // namespace

LogOptions readLogOptions(json::Value logging, const QByteArray &pointer)
{
    LogOptions out;
    if (!logging.isObject())
        return out;
    for (const char *member : {"stdout", "syslog"}) {
        const json::Value value = logging.find(member);
        if (!value.exists() || value.isBool() || !out.crash.isEmpty())
            continue;
        out.crash = QByteArray("interface conversion: interface {} is ") + goTypeOf(value) + ", not bool";
        out.crashPointer = pointer + '/' + member;
    }
    out.toSyslog = logging.find("syslog").asBool();
    const bool printed = logging.find("stdout").asBool() || out.toSyslog;
    out.level = printed ? levelOf(logging.find("level")) : LogOptions::Nothing;
    return out;
}

} // namespace tokenlab::gateway
