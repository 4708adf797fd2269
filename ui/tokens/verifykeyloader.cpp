#include "ui/tokens/verifykeyloader.h"

#include "core/jose/base64.h"
#include "core/support/url.h"
#include "core/text/text.h"
#include "core/text/verify.h"
#include "ui/files.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace tokenlab::ui {

VerifyKeyLoader::VerifyKeyLoader(lab::Bindings bindings, QWidget *window)
    : QObject(window), m_bindings(std::move(bindings)), m_importer(new KeyImporter(window))
{
    connect(m_importer, &KeyImporter::busyChanged, this, &VerifyKeyLoader::busyChanged);
    connect(m_importer, &KeyImporter::failed, this, &VerifyKeyLoader::refuse);
    connect(m_importer, &KeyImporter::found, this, [this](const keys::Imported &imported) { finish(keys::verifyKeysOf(imported, true)); });
}

VerifyKeyLoader::~VerifyKeyLoader()
{
    m_importer->disconnect(this);
}

void VerifyKeyLoader::cancel()
{
    if (m_download) {
        m_download->disconnect(this);
        m_download->abort();
        m_download->deleteLater();
        m_download.clear();
    }
    m_reading.drop();
    m_importer->cancel();
    emit busyChanged();
}

void VerifyKeyLoader::start(const VerifySource &source, const crypto::SecretBytes &pasted)
{
    cancel();
    m_source = source;
    switch (source.kind) {
    case VerifySource::File: {
        m_name = QFileInfo(source.file).fileName();
        auto bytes = readFile(source.file);
        if (!bytes) {
            refuse(tr("%1 cannot be read: %2").arg(text::inert(source.file.toUtf8()), bytes.error().reason));
            return;
        }
        const crypto::SecretBytes text{QByteArrayView(*bytes)};
        crypto::wipe(*bytes);
        take(text, true);
        return;
    }
    case VerifySource::Url:
        m_name = text::inert(withoutPassword(source.url.trimmed().toUtf8()));
        download();
        return;
    case VerifySource::Pasted:
        m_name = tr("The pasted text");
        take(pasted, true);
        return;
    case VerifySource::Validator:
        return;
    }
}

void VerifyKeyLoader::download()
{
    lab::KeyUrl url;
    url.url = m_source.url.trimmed().toUtf8();
    url.insecure = m_source.insecure;
    if (!lab::isKeyUrl(QString::fromUtf8(url.url))) {
        refuse(tr("%1 is no http or https URL.").arg(m_name));
        return;
    }
    static const QRegularExpression between(QStringLiteral("[,\\s]+"));
    for (const QString &text : m_source.pins.split(between, Qt::SkipEmptyParts)) {
        auto pin = jose::decodeBase64(text.toUtf8());
        if (!pin)
            pin = jose::decodeBase64Url(text.toUtf8());
        if (!pin || pin->size() != 32) {
            refuse(tr("The pin %1 is not the base64 of a SHA-256 hash.").arg(text::inert(text.toUtf8())));
            return;
        }
        url.pins.push_back(std::move(*pin));
    }
    if (!m_source.caFile.isEmpty()) {
        auto pem = readFile(m_source.caFile);
        if (!pem) {
            refuse(tr("%1 cannot be read: %2").arg(text::inert(m_source.caFile.toUtf8()), pem.error().reason));
            return;
        }
        url.extraRoots.push_back(std::move(*pem));
    }
    m_download = new lab::KeyText(url, m_bindings, lab::RunLimits(), this);
    connect(m_download, &lab::KeyText::finished, this, [this](const Result<QByteArray, http::FetchError> &text) {
        m_download->deleteLater();
        m_download.clear();
        if (!text && text.error().kind == http::FetchError::Unprotected)
            refuse(tr("%1 is not protected: anybody on the way could put other keys there. Take it all the same with the box below.")
                       .arg(m_name));
        else if (!text)
            refuse(text::sentence(text.error()));
        else
            take(crypto::SecretBytes{QByteArrayView(*text)}, false); // the page of an error is no secret
    });
    m_download->start();
    emit busyChanged();
}

void VerifyKeyLoader::take(const crypto::SecretBytes &text, bool mayBeSecret)
{
    if (mayBeSecret && !keys::beginsAsJson(text.view())) {
        m_importer->start(text, m_name);
        return;
    }
    using Outcome = Result<jose::VerificationKeys, QString>;
    m_reading.order(
        [text, name = m_name]() {
            QByteArray bytes = text.view().toByteArray();
            auto keys = keys::readVerifyKeys(bytes);
            auto outcome = keys ? std::make_shared<const Outcome>(std::move(*keys))
                                : std::make_shared<const Outcome>(fail(text::sentence(keys.error(), name, bytes)));
            crypto::wipe(bytes);
            return outcome;
        },
        [this](const std::shared_ptr<const Outcome> &outcome) {
            if (*outcome)
                finish(**outcome);
            else
                refuse(outcome->error());
        });
    emit busyChanged();
}

void VerifyKeyLoader::finish(jose::VerificationKeys keys)
{
    emit busyChanged();
    if (keys.set.keys.empty()) {
        refuse(keys.skipped.empty()
                   ? tr("%1 holds no key.").arg(m_name)
                   : tr("%1 holds no key that can be used: %2.").arg(m_name, text::sentence(keys.skipped.front(), m_name)));
        return;
    }
    emit loaded({m_source, m_name, std::make_shared<const jose::VerificationKeys>(std::move(keys))});
}

void VerifyKeyLoader::refuse(const QString &words)
{
    emit busyChanged();
    emit failed(words);
}

} // namespace tokenlab::ui
