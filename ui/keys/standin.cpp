#include "ui/keys/standin.h"

#include "core/jose/jws.h"
#include "core/text/keys.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace tokenlab::ui {

namespace {

const gateway::SignerConfig *signerOf(const gateway::EndpointConfig &endpoint)
{
    return endpoint.signer ? std::get_if<gateway::SignerConfig>(&*endpoint.signer) : nullptr;
}

std::optional<keys::MakeRequest> requestFor(const gateway::SignerConfig &config)
{
    const auto algorithm = jose::algorithmFromName(config.alg);
    if (!algorithm)
        return {};
    keys::MakeRequest request;
    request.type = jose::keyTypeOf(*algorithm);
    request.bits = request.type == jose::KeyType::Rsa ? 2048 : config.alg == "HS512" ? 512 : config.alg == "HS384" ? 384 : 256;
    if (request.type == jose::KeyType::Ec)
        request.curve = config.alg == "ES512" ? "P-521" : config.alg == "ES384" ? "P-384" : "P-256";
    request.kid = {keys::KidRule::Given, config.kid, {}};
    request.alg = config.alg;
    return request;
}

QString fileName(const QByteArray &kid)
{
    QString name;
    for (const char c : kid.left(40))
        name += QChar::isLetterOrNumber(uchar(c)) && uchar(c) < 0x80 ? QLatin1Char(c) : QLatin1Char('-');
    return name.isEmpty() ? QStringLiteral("key") : name;
}

struct StandInFile {
    lab::Binding binding;
    crypto::SecretBytes text;
    std::optional<lab::Binding> before = {};
};

// The files live as long as the step is done: undone, no private key is left behind.
class StandInCommand : public QUndoCommand
{
public:
    StandInCommand(LabSession *session, std::vector<StandInFile> files)
        : QUndoCommand(StandIn::tr("Make a stand-in key")), m_session(session), m_files(std::move(files))
    {
        for (StandInFile &file : m_files) {
            for (const lab::Binding &one : session->bindings().all()) {
                if (one.from == file.binding.from)
                    file.before = one;
            }
        }
    }
    void redo() override
    {
        for (const StandInFile &file : m_files) {
            if (!m_first) {
                QByteArray text = file.text.view().toByteArray();
                (void)writeFile(QString::fromUtf8(file.binding.to), text, Access::OwnerOnly);
                crypto::wipe(text);
            }
        }
        m_first = false;
        replace(true);
    }
    void undo() override
    {
        replace(false);
        for (const StandInFile &file : m_files)
            QFile::remove(QString::fromUtf8(file.binding.to));
    }

private:
    // Others may have been changed meanwhile, and stay.
    void replace(bool done)
    {
        std::vector<lab::Binding> all = m_session->bindings().all();
        for (const StandInFile &file : m_files) {
            const lab::Binding *gone = done ? (file.before ? &*file.before : nullptr) : &file.binding;
            if (gone)
                std::erase_if(all, [gone](const lab::Binding &one) { return one.from == gone->from && one.to == gone->to; });
            if (done)
                all.push_back(file.binding);
            else if (file.before)
                all.push_back(*file.before);
        }
        lab::Bindings bindings;
        for (const lab::Binding &one : all)
            bindings.add(one);
        m_session->setBindings(bindings);
    }

    LabSession *m_session;
    std::vector<StandInFile> m_files;
    bool m_first = true;
};

} // namespace

std::optional<StandInPlan> standInPlan(const LabSession &session)
{
    const LoadedSigner &loaded = session.signer();
    const gateway::EndpointConfig *endpoint = session.endpoint();
    if (loaded.loading || !endpoint || !session.service() || session.configError() || !loaded.state.enabled || !loaded.state.error)
        return {};
    const gateway::SignerConfig *config = signerOf(*endpoint);
    if (!config)
        return {};
    StandInPlan plan;
    const twin::StartError &error = *loaded.state.error;
    switch (error.step) {
    case twin::StartStep::Download:
        break;
    case twin::StartStep::KeyFile: // an encrypted one too: a plain set takes its place
        break;
    case twin::StartStep::Algorithm:
        plan.why = StandInPlan::OtherAlgorithm;
        break;
    case twin::StartStep::Ca:
        plan.why = StandInPlan::NoAuthorities;
        plan.caFrom = config->localCa;
        break;
    default:
        return {};
    }
    // A local key file needs none of the authorities that the gateway reads before it: it may well be here.
    if (!plan.caFrom.isEmpty() && !config->localPath.isEmpty()) {
        plan.kid = config->kid;
        plan.alg = config->alg;
        return plan;
    }
    plan.from = config->localPath.isEmpty() ? config->jwkUrl : config->localPath;
    plan.kid = config->kid;
    plan.alg = config->alg;
    const auto request = requestFor(*config);
    if (plan.from.isEmpty() || !request)
        return {};
    plan.requests.push_back(*request);
    std::vector<QByteArray> kids{config->kid};
    // Keys of an encrypted set do not come to lie on the disk in clear; those that others need are made, too.
    for (const jose::Key &key : loaded.state.keys.keys) {
        if (key.kid() != config->kid && config->secretUrl.isEmpty()) {
            plan.kept.push_back(keys::Entry::of(key));
            kids.push_back(key.kid());
        }
    }
    for (const gateway::EndpointConfig &other : session.service()->endpoints) {
        const gateway::SignerConfig *also = signerOf(other);
        if (!also || (also->localPath.isEmpty() ? also->jwkUrl : also->localPath) != plan.from ||
            std::find(kids.begin(), kids.end(), also->kid) != kids.end())
            continue;
        if (const auto more = requestFor(*also)) {
            plan.requests.push_back(*more);
            kids.push_back(also->kid);
        }
    }
    return plan;
}

StandIn::StandIn(LabSession *session, const QString &folder, QObject *parent) : QObject(parent), m_session(session), m_folder(folder) {}

QString StandIn::usualFolder()
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath(QStringLiteral("stand-ins"));
}

void StandIn::start(const StandInPlan &plan)
{
    cancel();
    m_plan = plan;
    m_entries = plan.kept;
    m_at = 0;
    next();
}

void StandIn::cancel()
{
    if (!m_job)
        return;
    m_job->disconnect(this);
    m_job->cancel();
    m_job.reset();
}

void StandIn::next()
{
    if (m_at >= m_plan.requests.size()) {
        finish();
        return;
    }
    m_job = std::make_unique<keys::MakeJob>(m_plan.requests[m_at++], m_entries);
    connect(m_job.get(), &keys::MakeJob::finished, this, [this](const Result<keys::Entry, keys::MakeError> &result) {
        m_job->disconnect(this);
        m_job.release()->deleteLater(); // it is on the stack
        if (!result) {
            emit failed(tr("No stand-in key: %1.").arg(text::sentence(result.error())));
            return;
        }
        m_entries.push_back(*result);
        next();
    });
    m_job->start();
}

void StandIn::finish()
{
    // The document may have become another one while the primes were looked for.
    const auto now = standInPlan(*m_session);
    if (!now || !(*now == m_plan))
        return;
    std::vector<StandInFile> files;
    const auto add = [&](const QByteArray &from, const QString &stem, const QString &suffix, crypto::SecretBytes text) {
        const auto path = write(stem, suffix, text);
        if (!path) {
            for (const StandInFile &file : files)
                QFile::remove(QString::fromUtf8(file.binding.to));
            emit failed(path.error());
            return false;
        }
        files.push_back({{from, path->toUtf8()}, std::move(text)});
        return true;
    };
    QString path;
    if (!m_plan.from.isEmpty()) {
        if (!add(m_plan.from, fileName(m_plan.kid), QStringLiteral(".json"), keys::writePrivate(m_entries)))
            return;
        path = QString::fromUtf8(files.back().binding.to);
    }
    // The gateway takes what is no certificate for an empty list.
    static const QByteArray nobody("No authority: this file stands in for one that is not here.\n");
    if (!m_plan.caFrom.isEmpty() &&
        !add(m_plan.caFrom, QStringLiteral("no-authority"), QStringLiteral(".pem"), crypto::SecretBytes{QByteArrayView(nobody)}))
        return;
    m_session->document().undoStack()->push(new StandInCommand(m_session, std::move(files)));
    emit made(m_entries, path);
}

Result<QString, QString> StandIn::write(const QString &stem, const QString &suffix, const crypto::SecretBytes &secret)
{
    const QDir folder(m_folder);
    if (!folder.mkpath(QStringLiteral(".")) ||
        !QFile::setPermissions(m_folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner))
        return fail(tr("No stand-in key: %1 cannot be made.").arg(m_folder));
    QString path = folder.absoluteFilePath(stem + suffix);
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = folder.absoluteFilePath(QStringLiteral("%1-%2").arg(stem).arg(i) + suffix);
    QByteArray text = secret.view().toByteArray();
    const auto written = writeFile(path, text, Access::OwnerOnly);
    crypto::wipe(text);
    if (!written)
        return fail(tr("No stand-in key: %1 cannot be written (%2).").arg(path, written.error().reason));
    return path;
}

} // namespace tokenlab::ui
