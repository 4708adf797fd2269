// Files of the Keys window: saving, exporting what is public, and the document's own set.
#include "core/jose/keynumbers.h"
#include "core/keys/import.h"
#include "core/keys/keyfile.h"
#include "core/lab/files.h"
#include "core/text/keys.h"
#include "core/text/text.h"
#include "ui/keys/encryptdialog.h"
#include "ui/keys/keyimporter.h"
#include "ui/keys/keyquestions.h"
#include "ui/keys/keysdialog.h"
#include "ui/keys/keysmodel.h"
#include "ui/widgets/clearingclipboard.h"

#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace tokenlab::ui {

static QString publicKeys(int count)
{
    return count == 1 ? KeysDialog::tr("1 public key") : KeysDialog::tr("%1 public keys").arg(count);
}

ClearingClipboard *KeysDialog::clipboard()
{
    auto *shared = m_session->findChild<ClearingClipboard *>(); // outlives this window
    return shared ? shared : new ClearingClipboard(QGuiApplication::clipboard(), ClearingClipboard::usualDelay, m_session);
}

void KeysDialog::chooseFile(const QString &title, const char *name, bool toSave, const QString &suggested,
                            const std::function<void(const QString &)> &then)
{
    const QString folder = QFileInfo(m_set->path().isEmpty() ? m_session->path() : m_set->path()).absolutePath();
    auto *dialog = new QFileDialog(this, title, folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QString::fromLatin1(name));
    if (suggested == QLatin1String("/")) {
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
    } else if (toSave) {
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->selectFile(suggested);
    } else {
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters(
            {tr("All files (*)"), tr("Key sets (*.json *.jwk *.jwks)"), tr("Keys (*.pem *.der *.p12 *.pfx *.key *.crt *.pub)")});
    }
    connect(dialog, &QFileDialog::fileSelected, this, then);
    dialog->open();
}

void KeysDialog::save()
{
    if (m_set->path().isEmpty())
        saveAs();
    else
        saveTo(m_set->path());
}

void KeysDialog::saveAs()
{
    chooseFile(tr("Save the key set with its private keys"), "saveKeysFile", true,
               m_set->path().isEmpty() ? QStringLiteral("keys.json") : QFileInfo(m_set->path()).fileName(),
               [this](const QString &path) { saveTo(path); });
}

void KeysDialog::saveTo(const QString &path)
{
    if (!keys::looksPublic(path) || !m_set->hasPrivate()) {
        writeSet(path, false);
        return;
    }
    auto *ask = new QMessageBox(
        QMessageBox::NoIcon, tr("A file for others?"),
        tr("%1 is what files are called that others read. The set holds private keys or secrets.").arg(QFileInfo(path).fileName()),
        QMessageBox::Cancel, this);
    ask->setTextFormat(Qt::PlainText);
    ask->setObjectName(QStringLiteral("publicNameBox"));
    ask->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *publicHalf = ask->addButton(tr("Save the &public set"), QMessageBox::AcceptRole);
    publicHalf->setObjectName(QStringLiteral("savePublicInstead"));
    QPushButton *all = ask->addButton(tr("Save the p&rivate keys"), QMessageBox::DestructiveRole);
    all->setObjectName(QStringLiteral("savePrivateAnyway"));
    ask->setDefaultButton(publicHalf);
    connect(publicHalf, &QPushButton::clicked, this, [this, path] { exportPublic(path); });
    connect(all, &QPushButton::clicked, this, [this, path] { writeSet(path, false); });
    ask->open();
}

void KeysDialog::writeSet(const QString &path, bool publicOnly)
{
    if (publicOnly) {
        exportPublic(path);
        return;
    }
    QByteArray text = keys::writePrivate(m_set->entries()).view().toByteArray();
    const auto written = writeFile(path, text, Access::OwnerOnly);
    crypto::wipe(text);
    if (!written) {
        say(tr("%1 was left as it was: %2").arg(path, written.error().reason), true);
        return;
    }
    m_set->setSaved(QFileInfo(path).absoluteFilePath());
    say(m_set->hasPrivate() ? tr("Saved in %1, for nobody but you to read.").arg(path) : tr("Saved in %1.").arg(path));
}

QString KeysDialog::leftOut(const keys::Entries &from, const std::vector<std::size_t> &indexes) const
{
    if (indexes.empty())
        return tr("Nothing was left out.");
    QStringList names;
    for (const std::size_t index : indexes) {
        const keys::Entry &entry = from[index];
        names << (entry.refusal() ? tr("%1 (the gateway refuses it)").arg(kidName(entry.labels().kid))
                                  : tr("%1 (a secret, which has no public half)").arg(kidName(entry.labels().kid)));
        if (names.size() == 5 && indexes.size() > 6) {
            names << tr("%1 more").arg(qulonglong(indexes.size() - 5));
            break;
        }
    }
    return tr("Left out: %1.").arg(names.join(QStringLiteral(", ")));
}

void KeysDialog::exportPublic(const QString &path)
{
    if (QFileInfo(path).absoluteFilePath() == m_set->path() && m_set->hasPrivate()) {
        say(tr("%1 is the private set itself: the public one needs a name of its own.").arg(path), true);
        return;
    }
    const keys::PublicSet set = keys::writePublic(m_set->entries());
    if (set.count == 0) {
        say(tr("There is nothing public in this set. %1").arg(leftOut(m_set->entries(), set.leftOut)), true);
        return;
    }
    if (const auto written = writeFile(path, set.text); !written)
        say(tr("%1 was left as it was: %2").arg(path, written.error().reason), true);
    else
        say(tr("%1 in %2. %3").arg(publicKeys(set.count), path, leftOut(m_set->entries(), set.leftOut)));
}

void KeysDialog::exportWellKnown(const QString &folder)
{
    const QDir root(folder);
    if (!root.mkpath(QStringLiteral(".well-known"))) {
        say(tr("%1 cannot be made").arg(root.filePath(QStringLiteral(".well-known"))), true);
        return;
    }
    exportPublic(root.filePath(QStringLiteral(".well-known/jwks.json")));
}

void KeysDialog::exportPem(const QString &path)
{
    const keys::Entries some = chosen();
    QByteArray text;
    int count = 0;
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < some.size(); ++i) {
        const auto &key = some[i].key();
        const auto pem = key && key->type() != jose::KeyType::Oct ? std::optional(jose::publicPem(*key)) : std::nullopt;
        if (!pem || !*pem) {
            left.push_back(i);
            continue;
        }
        text += **pem;
        ++count;
    }
    if (count == 0) {
        say(tr("There is nothing public in this set. %1").arg(leftOut(some, left)), true);
        return;
    }
    if (const auto written = writeFile(path, text); !written)
        say(tr("%1 was left as it was: %2").arg(path, written.error().reason), true);
    else
        say(tr("%1 in %2. %3").arg(publicKeys(count), path, leftOut(some, left)));
}

void KeysDialog::askPrivatePem()
{
    keys::Entries some;
    QStringList names, left;
    for (const keys::Entry &entry : chosen()) {
        const auto &key = entry.key();
        const QString name = kidName(entry.labels().kid);
        if (key && key->isPrivate() && key->type() != jose::KeyType::Oct) {
            some.push_back(entry);
            names << name;
        } else if (left.size() < 5) {
            left << (!key                                ? tr("%1 (the gateway refuses it)").arg(name)
                     : key->type() == jose::KeyType::Oct ? tr("%1 (a secret, which PEM has no form for)").arg(name)
                                                         : tr("%1 (its public half alone is here)").arg(name));
        }
    }
    if (some.empty())
        return;
    if (names.size() > 6)
        names = names.first(5) << tr("%1 more").arg(names.size() - 5);
    auto *ask = new PrivatePemDialog(names, left.isEmpty() ? QString() : tr("Left out: %1.").arg(left.join(QStringLiteral(", "))), this);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    connect(ask, &QDialog::accepted, this, [this, ask, some] {
        chooseFile(tr("Save the private keys as PEM"), "privatePemFile", true, QStringLiteral("private.pem"),
                   [this, some, passphrase = ask->passphrase()](const QString &path) { exportPrivatePem(some, path, passphrase); });
    });
    ask->open();
}

void KeysDialog::exportPrivatePem(const keys::Entries &some, const QString &path, const std::optional<crypto::SecretBytes> &passphrase)
{
    if (keys::looksPublic(path)) {
        say(tr("%1 is what files are called that others read: private keys need another name.").arg(QFileInfo(path).fileName()), true);
        return;
    }
    if (QFileInfo(path).absoluteFilePath() == m_set->path()) {
        say(tr("%1 is the key set itself: a PEM file needs a name of its own.").arg(path), true);
        return;
    }
    say(tr("Writing…"));
    // A passphrase is stretched for each key.
    m_sealing.order(
        [some, passphrase] {
            auto made = std::make_shared<PemText>();
            std::vector<crypto::SecretBytes> parts;
            qsizetype size = 0;
            for (const keys::Entry &entry : some) {
                const auto pem = jose::privatePem(*entry.key(), passphrase ? &*passphrase : nullptr);
                if (!pem)
                    return std::shared_ptr<const PemText>(std::move(made));
                size += pem->size();
                parts.push_back(*pem);
            }
            made->count = int(parts.size());
            made->text = crypto::SecretBytes::zeros(size);
            unsigned char *at = made->text.mutableData();
            for (const crypto::SecretBytes &part : parts)
                at = std::copy_n(part.data(), part.size(), at);
            return std::shared_ptr<const PemText>(std::move(made));
        },
        [this, path, sealed = passphrase.has_value()](const std::shared_ptr<const PemText> &made) {
            if (made->text.isEmpty()) {
                say(tr("The private keys cannot be written as PEM."), true);
                return;
            }
            QByteArray text = made->text.view().toByteArray();
            const auto written = writeFile(path, text, Access::OwnerOnly);
            crypto::wipe(text);
            const QString keys = made->count == 1 ? tr("1 private key") : tr("%1 private keys").arg(made->count);
            if (!written)
                say(tr("%1 was left as it was: %2").arg(path, written.error().reason), true);
            else if (sealed)
                say(tr("%1 in %2, under its passphrase, for nobody but you to read.").arg(keys, path));
            else
                say(tr("%1 in %2, in clear, for nobody but you to read.").arg(keys, path));
        });
}

void KeysDialog::takeFromDocument(bool publicHalf)
{
    const auto *setting = m_session->endpoint() && m_session->endpoint()->signer ? &*m_session->endpoint()->signer : nullptr;
    const auto *config = setting ? std::get_if<gateway::SignerConfig>(setting) : nullptr;
    if (!config)
        return;
    keys::Entries entries;
    QString path;
    bool whole = false;
    QByteArray file = m_session->bindings().file(config->localPath).value_or(config->localPath);
    if (config->localPath.isEmpty()) {
        if (const lab::Binding *binding = m_session->bindings().forUrl(config->jwkUrl); binding && !binding->to.contains("://"))
            file = lab::bound(config->jwkUrl, *binding);
    }
    // From the file, because members that the gateway does not know would be lost on the way through it.
    if (!file.isEmpty()) {
        if (auto bytes = readFile(QString::fromUtf8(file))) {
            // A stand-in for an encrypted file is a plain one.
            const bool isOpen = config->localPath.isEmpty() || (file != config->localPath && lab::isPlainSet(*bytes));
            const auto opened = keys::openKeyFile(*bytes, isOpen ? QByteArray() : config->secretUrl, config->cypherKey);
            crypto::wipe(*bytes);
            if (opened) {
                if (auto imported = keys::import(opened->view()); imported && imported->readings.empty()) {
                    entries = std::move(imported->entries);
                    whole = true;
                    if (config->secretUrl.isEmpty() || isOpen)
                        path = QFileInfo(QString::fromUtf8(file)).absoluteFilePath();
                }
            }
        }
    }
    if (!whole && !publicHalf) {
        say(file.isEmpty() ? tr("The document's set comes from a URL; its public half can be taken.")
                           : tr("%1 cannot be read as the document's key set.").arg(text::inert(file)),
            true);
        return;
    }
    if (!whole) {
        for (const jose::Key &key : m_session->signer().state.keys.keys)
            entries.push_back(keys::Entry::of(key));
    }
    if (publicHalf) {
        keys::Entries halves;
        std::vector<std::size_t> left;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (const auto json = entries[i].publicJson())
                halves.push_back(keys::Entry::ofJson(*json));
            else
                left.push_back(i);
        }
        const QString said = leftOut(entries, left);
        if (halves.empty()) {
            say(tr("There is nothing public in the document's set. %1").arg(said), true);
            return;
        }
        whenSaved([this, halves, said] { showSet(halves, {}, tr("The public half of the document's set. %1").arg(said)); });
        return;
    }
    whenSaved([this, entries, path] {
        m_set->reset(entries, path, path.isEmpty());
        say(path.isEmpty() ? tr("The document's set, opened; it is saved elsewhere unless it is encrypted again.")
                           : tr("The document's set, from %1.").arg(path));
    });
}

void KeysDialog::encrypt()
{
    auto *dialog = new EncryptDialog(m_session, m_set->entries(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &EncryptDialog::secretCopied, this, [this](const crypto::SecretBytes &text) { clipboard()->copy(text); });
    connect(dialog, &EncryptDialog::opened, this, [this](const keys::Entries &entries, const QString &name) {
        whenSaved([this, entries, name] { showSet(entries, {}, tr("%1, opened. Encrypt it again to keep it.").arg(name)); });
    });
    dialog->open();
}

void KeysDialog::whenSaved(const std::function<void()> &then)
{
    if (!m_set->isModified()) {
        then();
        return;
    }
    auto *ask = new QMessageBox(QMessageBox::NoIcon, tr("Save the keys?"), tr("The key set has changes that are not saved."),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    ask->setTextFormat(Qt::PlainText);
    ask->setObjectName(QStringLiteral("unsavedKeysBox"));
    ask->setAttribute(Qt::WA_DeleteOnClose);
    ask->setDefaultButton(QMessageBox::Save);
    connect(ask, &QMessageBox::finished, this, [this, then](int answer) {
        if (answer == QMessageBox::Save)
            save();
        if (answer == QMessageBox::Discard || (answer == QMessageBox::Save && !m_set->isModified()))
            then();
    });
    ask->open();
}

void KeysDialog::reject()
{
    whenSaved([this] {
        m_importer->cancel();
        m_set->reset({}, {});
        QDialog::reject();
    });
}

} // namespace tokenlab::ui
