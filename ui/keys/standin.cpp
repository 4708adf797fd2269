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

// The file lives as long as the step is done: undone, no private key is left behind.
class StandInCommand : public QUndoCommand
{
public:
    StandInCommand(LabSession *session, const lab::Binding &binding, crypto::SecretBytes text)
        : QUndoCommand(StandIn::tr("Make a stand-in key")), m_session(session), m_binding(binding), m_text(std::move(text))
    {
        for (const lab::Binding &one : session->bindings().all()) {
            if (one.from == binding.from)
                m_before = one;
        }
    }
    void redo() override
    {
        if (!m_first) {
            QByteArray text = m_text.view().toByteArray();
            (void)writeFile(QString::fromUtf8(m_binding.to), text, Access::OwnerOnly);
            crypto::wipe(text);
        }
        m_first = false;
        replace(m_before ? &*m_before : nullptr, &m_binding);
    }
    void undo() override
    {
        replace(&m_binding, m_before ? &*m_before : nullptr);
        QFile::remove(QString::fromUtf8(m_binding.to));
    }

private:
    // Others may have been changed meanwhile, and stay.
    void replace(const lab::Binding *from, const lab::Binding *to)
    {
        lab::Bindings bindings;
        for (const lab::Binding &one : m_session->bindings().all()) {
            if (!from || one.from != from->from || one.to != from->to)
                bindings.add(one);
        }
        if (to)
            bindings.add(*to);
        m_session->setBindings(bindings);
    }

    LabSession *m_session;
    lab::Binding m_binding;
    std::optional<lab::Binding> m_before;
    crypto::SecretBytes m_text;
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
    case twin::StartStep::KeyFile:
        // Read, but not opened: a plain set in its place would not be either.
        if (!config->secretUrl.isEmpty())
            return {};
        break;
    case twin::StartStep::Algorithm:
        plan.why = StandInPlan::OtherAlgorithm;
        if (!config->localPath.isEmpty() && !config->secretUrl.isEmpty())
            return {};
        break;
    default:
        return {};
    }
    if (!config->localPath.isEmpty() && !config->secretUrl.isEmpty())
        return {};
    plan.from = config->localPath.isEmpty() ? config->jwkUrl : config->localPath;
    plan.kid = config->kid;
    plan.alg = config->alg;
    const auto request = requestFor(*config);
    if (plan.from.isEmpty() || !request)
        return {};
    plan.requests.push_back(*request);
    std::vector<QByteArray> kids{config->kid};
    for (const jose::Key &key : loaded.state.keys.keys) {
        if (key.kid() != config->kid) {
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
    const QDir folder(m_folder);
    if (!folder.mkpath(QStringLiteral(".")) ||
        !QFile::setPermissions(m_folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner)) {
        emit failed(tr("No stand-in key: %1 cannot be made.").arg(m_folder));
        return;
    }
    const QString stem = fileName(m_plan.kid);
    QString path = folder.absoluteFilePath(stem + QStringLiteral(".json"));
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = folder.absoluteFilePath(QStringLiteral("%1-%2.json").arg(stem).arg(i));
    crypto::SecretBytes secret = keys::writePrivate(m_entries);
    QByteArray text = secret.view().toByteArray();
    const auto written = writeFile(path, text, Access::OwnerOnly);
    crypto::wipe(text);
    if (!written) {
        emit failed(tr("No stand-in key: %1 cannot be written (%2).").arg(path, written.error().reason));
        return;
    }
    m_session->document().undoStack()->push(new StandInCommand(m_session, {m_plan.from, path.toUtf8()}, std::move(secret)));
    emit made(m_entries, path);
}

} // namespace tokenlab::ui
