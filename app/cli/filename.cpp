#include "app/cli/filename.h"

#include <QFileInfo>
#include <QStringDecoder>

#include <algorithm>
#include <optional>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace tokenlab::cli {

namespace {

constexpr char16_t firstOdd = 0xdc80, lastOdd = 0xdcff; // for 0x80 to 0xff

std::optional<QString> decoded(QByteArrayView bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = decoder(bytes);
    return decoder.hasError() ? std::nullopt : std::optional(text);
}

bool isOdd(const QString &name, qsizetype at)
{
    const char16_t c = name.at(at).unicode();
    return c >= firstOdd && c <= lastOdd && (at == 0 || !name.at(at - 1).isHighSurrogate());
}

} // namespace

QString fileText(const QByteArray &bytes)
{
    if (auto whole = decoded(bytes))
        return *std::move(whole);
    QString out;
    for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype before = at;
        for (qsizetype length = 1; length <= std::min<qsizetype>(4, bytes.size() - before); ++length) {
            if (const auto character = decoded(QByteArrayView(bytes).sliced(before, length))) {
                out += *character;
                at += length;
                break;
            }
        }
        if (at == before)
            out += QChar(char16_t(firstOdd - 0x80 + static_cast<unsigned char>(bytes[at++])));
    }
    return out;
}

QByteArray fileBytes(const QString &name)
{
    QByteArray out;
    qsizetype from = 0;
    for (qsizetype at = 0; at < name.size(); ++at) {
        if (!isOdd(name, at))
            continue;
        out += QStringView(name).sliced(from, at - from).toUtf8() + static_cast<char>(name.at(at).unicode() - firstOdd + 0x80);
        from = at + 1;
    }
    return out + QStringView(name).sliced(from).toUtf8();
}

bool hasOddBytes(const QString &name)
{
    for (qsizetype at = 0; at < name.size(); ++at)
        if (isOdd(name, at))
            return true;
    return false;
}

bool fileExists(const QString &name)
{
#ifdef Q_OS_UNIX
    if (hasOddBytes(name))
        return ::access(fileBytes(name).constData(), F_OK) == 0;
#endif
    return QFileInfo::exists(name);
}

QString openFile(QFile &file, const QString &name)
{
#ifdef Q_OS_UNIX
    if (hasOddBytes(name)) {
        const int descriptor = ::open(fileBytes(name).constData(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0)
            return qt_error_string(errno);
        return file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle) ? QString() : file.errorString();
    }
#endif
    file.setFileName(name);
    return file.open(QIODevice::ReadOnly) ? QString() : file.errorString();
}

} // namespace tokenlab::cli
