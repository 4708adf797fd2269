#include "app/cli/keyinput.h"

#include "app/cli/input.h"
#include "core/json/parse.h"
#include "core/text/keys.h"
#include "core/text/text.h"

#include <QCoreApplication>

#include <cstdio>

#ifdef Q_OS_UNIX
#include <termios.h>
#include <unistd.h>
#endif

namespace tokenlab::cli {

namespace {

struct KeyInput {
    Q_DECLARE_TR_FUNCTIONS(KeyInput)
};

constexpr qsizetype maxLine = 64 * 1024;

// While it lives, a terminal does not show what is typed.
class NoEcho
{
public:
    explicit NoEcho(const QString &prompt)
    {
#ifdef Q_OS_UNIX
        if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &m_old) != 0)
            return;
        termios silent = m_old;
        silent.c_lflag &= ~tcflag_t(ECHO);
        m_active = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
        std::fputs(prompt.toUtf8().constData(), stderr);
#else
        Q_UNUSED(prompt)
#endif
    }
    ~NoEcho()
    {
#ifdef Q_OS_UNIX
        if (m_active) {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_old);
            std::fputc('\n', stderr);
        }
#endif
    }
    NoEcho(const NoEcho &) = delete;
    NoEcho &operator=(const NoEcho &) = delete;

private:
#ifdef Q_OS_UNIX
    termios m_old{};
    bool m_active = false;
#endif
};

std::optional<keys::SecretEncoding> encodingOf(const QString &as)
{
    if (as == QLatin1String("text"))
        return keys::SecretEncoding::Text;
    if (as == QLatin1String("hex"))
        return keys::SecretEncoding::Hex;
    if (as == QLatin1String("base64"))
        return keys::SecretEncoding::Base64;
    if (as == QLatin1String("base64url"))
        return keys::SecretEncoding::Base64Url;
    if (as == QLatin1String("bytes"))
        return keys::SecretEncoding::Bytes;
    return {};
}

} // namespace

Result<crypto::SecretBytes, QString> readSecretLine(const QString &file, const QString &prompt)
{
    QFile source(file);
    const bool standard = file == QLatin1String("-");
    const bool open = standard ? source.open(stdin, QIODevice::ReadOnly) : source.open(QIODevice::ReadOnly);
    if (!open)
        return fail(KeyInput::tr("%1: cannot be read (%2)").arg(displayName(file), source.errorString()));
    QByteArray line;
    {
        const NoEcho silence(standard ? prompt : QString());
        line = source.readLine(maxLine);
    }
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    crypto::SecretBytes secret{QByteArrayView(line)};
    crypto::wipe(line);
    if (secret.isEmpty())
        return fail(KeyInput::tr("%1: its first line is empty").arg(displayName(file)));
    return secret;
}

Result<std::optional<crypto::SecretBytes>, QString> passphraseOf(const KeysOptions &options)
{
    using Passphrase = std::optional<crypto::SecretBytes>;
    if (!options.passphraseEnv.isEmpty()) {
        QByteArray value = qgetenv(options.passphraseEnv.constData());
        if (value.isEmpty())
            return fail(KeyInput::tr("--passphrase-env: %1 is not set").arg(text::inert(options.passphraseEnv)));
        Passphrase secret = crypto::SecretBytes{QByteArrayView(value)};
        crypto::wipe(value);
        return secret;
    }
    if (options.passphraseFile.isEmpty())
        return Passphrase();
    if (options.passphraseFile == QLatin1String("-"))
        for (const QString &input : options.inputs)
            if (input == QLatin1String("-"))
                return fail(KeyInput::tr("the key and --passphrase-file - cannot both be standard input"));
    auto line = readSecretLine(options.passphraseFile, KeyInput::tr("Passphrase: "));
    if (!line)
        return fail(KeyInput::tr("--passphrase-file: %1").arg(line.error()));
    return Passphrase(std::move(*line));
}

Result<keys::Imported, QString> importKeys(const QString &file, const KeysOptions &options, const crypto::SecretBytes *passphrase)
{
    auto read = readInput(file);
    if (!read)
        return fail(text::inert(read.error()));
    QByteArray bytes = std::move(read).value();
    auto imported = keys::import(bytes, {passphrase, encodingOf(options.as)});
    crypto::wipe(bytes);
    const QString name = displayName(file);
    if (!imported) {
        const keys::ImportError &error = imported.error();
        const QString sentence = text::sentence(error, name);
        if (error.kind == keys::ImportError::PassphraseNeeded)
            return fail(KeyInput::tr("%1; give it with --passphrase-file FILE, or - to be asked").arg(sentence));
        return fail(sentence);
    }
    if (!imported->readings.empty()) {
        if (options.action != KeysOptions::Import)
            return fail(KeyInput::tr("%1: this is a bare secret; take it in with keys import").arg(name));
        return fail(KeyInput::tr("%1: this may be %2; say which with --as").arg(name, text::readings(imported->readings)));
    }
    return std::move(*imported);
}

Result<SealParts, QString> sealParts(const KeysOptions &options)
{
    SealParts parts;
    if (!options.params.isEmpty()) {
        auto read = readInput(options.params);
        if (!read)
            return fail(text::inert(read.error()));
        QByteArray bytes = std::move(read).value();
        const auto document = json::parse(bytes);
        if (!document) {
            const QString sentence = text::sentence(document.error(), displayName(options.params), bytes);
            crypto::wipe(bytes);
            return fail(sentence);
        }
        parts.secretUrl = document->root().find("secret_url").bytes();
        parts.cypherKey = document->root().find("cypher_key").bytes();
        if (parts.secretUrl.isEmpty() && options.secretUrlFile.isEmpty())
            return fail(KeyInput::tr("%1: no secret_url in it").arg(displayName(options.params)));
        if (parts.cypherKey.isEmpty() && options.cypherKey.isEmpty())
            return fail(KeyInput::tr("%1: no cypher_key in it").arg(displayName(options.params)));
    }
    if (!options.secretUrlFile.isEmpty()) {
        const auto line = readSecretLine(options.secretUrlFile, KeyInput::tr("secret_url: "));
        if (!line)
            return fail(KeyInput::tr("--secret-url-file: %1").arg(line.error()));
        parts.secretUrl = line->view().trimmed().toByteArray();
    }
    if (!options.cypherKey.isEmpty())
        parts.cypherKey = options.cypherKey;
    if (parts.secretUrl.isEmpty() || parts.cypherKey.isEmpty())
        return fail(KeyInput::tr("give secret_url and cypher_key with --params, or with --secret-url-file and --cypher-key"));
    return parts;
}

} // namespace tokenlab::cli
