#include "ui/connection/connectiondialog.h"

#include "core/jose/base64.h"
#include "core/text/text.h"
#include "ui/connection/certificateview.h"
#include "ui/connection/connectionedits.h"
#include "ui/connection/hopview.h"
#include "ui/keys/keyquestions.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/elidedbox.h"
#include "ui/widgets/longedit.h"

#include <QCheckBox>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>

namespace tokenlab::ui {

namespace {

QString seconds(qint64 ms)
{
    return ConnectionDialog::tr("%1 s").arg(double(ms) / 1000, 0, 'f', 1);
}

QString kindName(ConnectionChoice::Kind kind)
{
    switch (kind) {
    case ConnectionChoice::KeyHost:
        return ConnectionDialog::tr("Key host");
    case ConnectionChoice::BackendHost:
        return ConnectionDialog::tr("Backend");
    case ConnectionChoice::AnyUrl:
        break;
    }
    return ConnectionDialog::tr("URL");
}

QLineEdit *field(QLineEdit *edit, const QString &name, const QString &accessible, const QString &placeholder)
{
    edit->setObjectName(name);
    edit->setAccessibleName(accessible);
    edit->setPlaceholderText(placeholder);
    edit->setFont(monoFont());
    edit->setMinimumWidth(80);
    return edit;
}

} // namespace

ConnectionDialog::ConnectionDialog(LabSession *session, QWidget *parent)
    : QDialog(parent),
      m_session(session),
      m_look(new ConnectionLook(this)),
      m_choice(new ElidedBox(this)),
      m_settings(new QWidget(this)),
      m_url(field(new LongEdit(this), QStringLiteral("connectionUrl"), tr("URL"), QStringLiteral("https://keys.example/jwks.json"))),
      m_ca(field(new LongEdit(this), QStringLiteral("connectionCa"), tr("CA file"), tr("system's roots"))),
      m_pins(field(new LongEdit(this), QStringLiteral("connectionPins"), tr("Pins, separated by commas"), tr("none"))),
      m_insecure(new QCheckBox(tr("Check nothing"), this)),
      m_connect(new QPushButton(tr("&Connect"), this)),
      m_cancel(new QPushButton(tr("Cancel"), this)),
      m_elapsed(new QLabel(this)),
      m_title(new QLabel(this)),
      m_notice(new Banner(this)),
      m_hops(new HopView),
      m_scroll(new QScrollArea(this)),
      m_certificates(new CertificateView(this))
{
    setObjectName(QStringLiteral("connectionDialog"));
    setWindowTitle(tr("Connection"));
    setModal(false);
    setWindowFlag(Qt::WindowMaximizeButtonHint);
    resize(QSize(1140, 680).boundedTo(screen()->availableGeometry().size() - QSize(10, 40))); // with its frame
    setMinimumSize(640, 420);

    QVBoxLayout *column = dialogColumn(this);
    column->addLayout(buildTarget());
    column->addWidget(buildSettings());
    m_notice->setObjectName(QStringLiteral("connectionNotice"));
    column->addWidget(m_notice);
    column->addWidget(buildResult(), 1);

    QWidget *before = m_choice;
    for (QWidget *next : std::initializer_list<QWidget *>{m_cancel, m_connect, m_url, m_ca, m_browse, m_pins, m_insecure}) {
        setTabOrder(before, next);
        before = next;
    }

    // The document's own undo, here too: what a button did is taken back where it was done.
    QUndoStack *undo = m_session->document().undoStack();
    QAction *undoAction = undo->createUndoAction(this, tr("Undo"));
    undoAction->setShortcut(QKeySequence::Undo);
    undoAction->setObjectName(QStringLiteral("connectionUndo"));
    addAction(undoAction);
    QAction *redoAction = undo->createRedoAction(this, tr("Redo"));
    redoAction->setShortcut(QKeySequence::Redo);
    addAction(redoAction);

    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, [this] { m_elapsed->setText(seconds(m_look->elapsedMs())); });
    connect(m_look, &ConnectionLook::finished, this, &ConnectionDialog::showSeen);
    connect(m_hops, &HopView::trustAsked, this, &ConnectionDialog::trust);
    connect(m_hops, &HopView::pinAsked, this, &ConnectionDialog::usePin);
    connect(m_certificates, &CertificateView::trustAsked, this, &ConnectionDialog::trust);
    connect(m_certificates, &CertificateView::pinAsked, this, &ConnectionDialog::usePin);
    connect(m_certificates, &CertificateView::saveAsked, this, &ConnectionDialog::savePem);
    connect(m_certificates, &CertificateView::copied, this, [this](const QString &words) { say(words); });
    connect(m_notice, &Banner::actionTriggered, this, &ConnectionDialog::lookAgain);
    for (const auto changed : {&LabSession::configChanged, &LabSession::endpointChanged, &LabSession::bindingsChanged})
        connect(m_session, changed, this, [this] {
            fillChoices();
            updateOutdated();
            updateEditable();
        });
    connect(m_session, &LabSession::documentOpened, this, [this] {
        m_look->cancel();
        updateBusy();
        fillChoices();
        showIdle();
    });
    fillChoices();
    showIdle();
    updateBusy();
}

ConnectionDialog::~ConnectionDialog()
{
    // Children go after this object. The session may have gone before.
    m_look->disconnect(this);
    m_look->cancel();
}

QLayout *ConnectionDialog::buildTarget()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    auto *label = new QLabel(tr("&Look at"), this);
    label->setBuddy(m_choice);
    row->addWidget(label);
    m_choice->setObjectName(QStringLiteral("connectionChoice"));
    m_choice->setAccessibleName(tr("What is looked at"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(20);
    row->addWidget(m_choice, 1);
    m_elapsed->setObjectName(QStringLiteral("connectionElapsed"));
    m_elapsed->setTextFormat(Qt::PlainText);
    m_elapsed->setProperty("role", QStringLiteral("muted"));
    m_elapsed->setMinimumWidth(44);
    m_elapsed->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_elapsed);
    m_cancel->setObjectName(QStringLiteral("connectionCancel"));
    m_cancel->setToolTip(tr("Stop looking (Esc)"));
    m_cancel->setAutoDefault(false);
    row->addWidget(m_cancel);
    m_connect->setObjectName(QStringLiteral("connectionConnect"));
    m_connect->setProperty("kind", QStringLiteral("primary"));
    m_connect->setToolTip(tr("Ask this host, as the gateway's client would (Return)"));
    m_connect->setDefault(true);
    row->addWidget(m_connect);
    connect(m_connect, &QPushButton::clicked, this, &ConnectionDialog::connectNow);
    connect(m_cancel, &QPushButton::clicked, this, &ConnectionDialog::cancel);
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this] {
        if (m_quiet)
            return;
        m_settings->setVisible(chosen().kind == ConnectionChoice::AnyUrl);
        updateBusy();
        if (!m_seen && !m_look->isRunning())
            showIdle();
    });
    return row;
}

QWidget *ConnectionDialog::buildSettings()
{
    auto *column = new QVBoxLayout(m_settings);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    const auto labelled = [this](QHBoxLayout *row, const QString &words, QLineEdit *edit, int stretch) {
        auto *label = new QLabel(words, m_settings);
        label->setBuddy(edit);
        row->addWidget(label);
        row->addWidget(edit, stretch);
    };
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    labelled(first, tr("&URL"), m_url, 1);
    column->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(8);
    labelled(second, tr("C&A file"), m_ca, 3);
    m_browse = flatButton(tr("Choose…"), tr("Choose the CA file"), QStringLiteral("connectionCaChoose"), m_settings);
    second->addWidget(m_browse);
    second->addSpacing(8);
    labelled(second, tr("&Pins"), m_pins, 2);
    m_insecure->setObjectName(QStringLiteral("connectionInsecure"));
    m_insecure->setToolTip(tr("As with disable_jwk_security: pins alone count"));
    second->addWidget(m_insecure);
    column->addLayout(second);
    connect(m_browse, &QToolButton::clicked, this, [this] {
        chooseFile(tr("Choose a CA file, in PEM form"), "caFile", false, {}, [this](const QString &path) {
            m_ca->setText(path);
            updateOutdated();
        });
    });
    for (QLineEdit *edit : {m_url, m_ca, m_pins})
        connect(edit, &QLineEdit::textChanged, this, [this] {
            updateBusy();
            updateOutdated();
        });
    connect(m_insecure, &QCheckBox::toggled, this, &ConnectionDialog::updateOutdated);
    return m_settings;
}

QWidget *ConnectionDialog::buildResult()
{
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setObjectName(QStringLiteral("connectionSplitter"));
    split->setHandleWidth(8);
    split->setChildrenCollapsible(false);
    const auto title = [](QLabel *label, const char *name) {
        label->setObjectName(QString::fromLatin1(name));
        label->setTextFormat(Qt::PlainText);
        label->setProperty("role", QStringLiteral("title"));
        label->setContentsMargins(13, 9, 13, 2);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        return label;
    };
    auto *left = new Card(split);
    left->column()->addWidget(title(m_title, "connectionTitle"));
    m_scroll->setObjectName(QStringLiteral("connectionScroll"));
    m_scroll->setAccessibleName(tr("What was seen"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::StrongFocus);
    m_scroll->setWidget(m_hops);
    left->column()->addWidget(m_scroll, 1);
    auto *right = new Card(split);
    right->column()->addWidget(title(new QLabel(tr("Certificates")), "certificatesTitle"));
    right->column()->addWidget(m_certificates, 1);
    left->setMinimumWidth(300);
    right->setMinimumWidth(280);
    split->addWidget(left);
    split->addWidget(right);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({515, 593});
    return split;
}

void ConnectionDialog::fillChoices()
{
    const ConnectionChoice before = m_choices.empty() ? ConnectionChoice{} : chosen();
    const bool first = m_choices.empty();
    m_choices = connectionChoices(*m_session);
    m_choices.push_back({ConnectionChoice::AnyUrl, {}});
    m_quiet = true;
    m_choice->clear();
    int index = 0;
    for (const ConnectionChoice &choice : m_choices) {
        m_choice->addItem(choice.kind == ConnectionChoice::AnyUrl
                              ? tr("Any URL")
                              : QStringLiteral("%1: %2").arg(kindName(choice.kind), shownUrl(choice.host)));
        // The same again; a key host whose URL is being typed is still the key host.
        const bool same = choice.kind == before.kind && (choice.kind != ConnectionChoice::BackendHost || choice.host == before.host);
        if (same && !first)
            index = m_choice->count() - 1;
    }
    m_choice->setCurrentIndex(index);
    m_quiet = false;
    m_settings->setVisible(chosen().kind == ConnectionChoice::AnyUrl);
    updateBusy();
    if (!m_seen && !m_look->isRunning())
        showIdle();
}

ConnectionChoice ConnectionDialog::chosen() const
{
    const int index = m_choice->currentIndex();
    ConnectionChoice choice = index >= 0 && std::size_t(index) < m_choices.size() ? m_choices[std::size_t(index)] : ConnectionChoice{};
    if (choice.kind == ConnectionChoice::AnyUrl)
        choice.host = m_url->text().trimmed().toUtf8();
    return choice;
}

UrlSettings ConnectionDialog::settings() const
{
    UrlSettings out;
    out.caFile = m_ca->text().trimmed();
    for (const QString &pin : m_pins->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (!pin.trimmed().isEmpty())
            out.pins << pin.trimmed();
    }
    out.verify = !m_insecure->isChecked();
    return out;
}

void ConnectionDialog::lookAt(ConnectionChoice::Kind kind, const QByteArray &host)
{
    const auto found = std::find_if(m_choices.begin(), m_choices.end(), [&](const ConnectionChoice &one) {
        return one.kind == kind && (host.isEmpty() || one.host == host || kind == ConnectionChoice::AnyUrl);
    });
    if (found == m_choices.end())
        return;
    m_choice->setCurrentIndex(int(found - m_choices.begin()));
    if (kind == ConnectionChoice::AnyUrl && !host.isEmpty())
        m_url->setText(QString::fromUtf8(host));
    connectNow();
}

void ConnectionDialog::connectNow()
{
    run(chosen(), endpointName(m_session->endpoint()));
}

void ConnectionDialog::lookAgain()
{
    if (!m_seen)
        return;
    const LookRequest request = m_seen->request;
    run(request.choice, request.endpoint);
}

void ConnectionDialog::run(const ConnectionChoice &choice, const QByteArray &endpoint)
{
    if (choice.kind == ConnectionChoice::AnyUrl && choice.host.isEmpty()) {
        m_url->setFocus();
        return;
    }
    m_look->cancel();
    m_seen.reset();
    m_change.clear();
    m_written = false;
    m_notice->hide();
    m_elapsed->clear();
    m_title->setText(choice.kind == ConnectionChoice::AnyUrl || endpoint.isEmpty()
                         ? kindName(choice.kind)
                         : tr("%1 of %2").arg(kindName(choice.kind), text::inert(endpoint)));
    const auto request = lookRequest(*m_session, choice, endpoint, settings());
    if (!request) {
        m_hops->showWords(tr("Nobody is asked"), request.error().sentence, request.error().words, true);
        m_certificates->showNone(tr("Nobody was asked."));
    } else {
        m_hops->showWords(tr("Looking at %1").arg(shownUrl(request->target.url)), tr("Cancel or Esc stops it."), {}, false);
        m_certificates->showNone({});
        m_look->start(*request);
    }
    updateBusy();
}

void ConnectionDialog::cancel()
{
    if (!m_look->isRunning())
        return;
    const QString after = seconds(m_look->elapsedMs());
    m_look->cancel();
    m_hops->showWords(tr("Cancelled after %1").arg(after), tr("Nothing is shown of a look that did not come to its end."), {}, false);
    m_certificates->showNone({});
    updateBusy();
    m_connect->setFocus();
}

void ConnectionDialog::showSeen(const Seen &seen)
{
    m_seen = seen;
    m_hops->show(seen);
    // Behind the place where they stand, not behind all that was there before them.
    QWidget *before = m_scroll;
    for (QWidget *button : m_hops->buttons()) {
        setTabOrder(before, button);
        before = button;
    }
    m_scroll->ensureVisible(0, 0);
    m_certificates->show(seen, m_session->now());
    updateBusy();
    m_elapsed->setText(seen.ms < 1000 ? tr("%1 ms").arg(seen.ms, 0, 'f', 0) : seconds(qint64(seen.ms)));
    updateEditable();
    updateOutdated();
}

void ConnectionDialog::showIdle()
{
    m_seen.reset();
    m_change.clear();
    m_written = false;
    m_notice->hide();
    m_title->setText(tr("Connection"));
    m_elapsed->clear();
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    const ConnectionChoice choice = chosen();
    const QString name = text::inert(endpointName(endpoint));
    const bool keyHost =
        std::any_of(m_choices.begin(), m_choices.end(), [](const ConnectionChoice &one) { return one.kind == ConnectionChoice::KeyHost; });
    QString title, words;
    if (!endpoint) {
        title = tr("No endpoint to look at");
        words = tr("The file has to be in order first. A URL can be looked at all the same.");
    } else if (!keyHost && choice.kind != ConnectionChoice::AnyUrl) {
        title = endpoint->signer ? tr("%1 has no key host").arg(name) : tr("%1 has no signer").arg(name);
        words = endpoint->signer ? tr("Its keys come from a file: no host is asked for them. A backend or any URL can be looked at.")
                                 : tr("No host is asked for keys. A backend or any URL can be looked at.");
    } else {
        title = choice.kind == ConnectionChoice::AnyUrl ? tr("A URL, as the gateway's key client meets it") : tr("Nobody was asked yet");
        words = tr("Connect shows each step on the way, the certificates as sent and as verified, and what to change.");
    }
    m_hops->showWords(title, words, {}, false);
    m_certificates->showNone(tr("The certificates of the host are shown here."));
}

void ConnectionDialog::updateBusy()
{
    const bool running = m_look->isRunning();
    m_cancel->setEnabled(running);
    m_connect->setEnabled(chosen().kind != ConnectionChoice::AnyUrl || !chosen().host.isEmpty());
    if (running)
        m_tick.start();
    else
        m_tick.stop();
}

void ConnectionDialog::updateEditable()
{
    if (!m_seen)
        return;
    const QString why = whyNoEdit(*m_session, m_seen->request);
    m_hops->setEditable(why);
    m_certificates->setEditable(why);
}

void ConnectionDialog::updateOutdated()
{
    if (!m_seen)
        return;
    const LookRequest &request = m_seen->request;
    const bool outdated = m_written || configurationOf(*m_session, request.choice, request.endpoint, settings()) != request.configuration;
    if (outdated) {
        m_notice->showText(m_change.isEmpty() ? tr("The configuration has changed since: what is shown is of an older one.")
                                              : tr("%1 What is shown is of before.").arg(m_change),
                           m_change.isEmpty() ? Tone::Warning : Tone::Accent, tr("Look again"));
    } else if (m_saysOutdated) {
        m_change.clear();
        m_notice->hide();
    }
    m_saysOutdated = outdated;
}

void ConnectionDialog::changed(const QString &words)
{
    m_change = words;
    updateOutdated();
    if (!m_saysOutdated)
        say(words);
}

void ConnectionDialog::say(const QString &words, bool bad)
{
    m_saysOutdated = false;
    m_notice->showText(words, bad ? Tone::Bad : Tone::Accent);
}

const net::SeenCertificate *ConnectionDialog::certificateAt(std::size_t hop, int certificate) const
{
    if (!m_seen || hop >= m_seen->hops.size() || certificate < 0)
        return nullptr;
    const auto &all = m_seen->hops[hop].certificates;
    return std::size_t(certificate) < all.size() ? &all[std::size_t(certificate)] : nullptr;
}

void ConnectionDialog::chooseFile(const QString &title, const char *name, bool toSave, const QString &suggested,
                                  const std::function<void(const QString &)> &then)
{
    const QString folder = m_session->path().isEmpty() ? QDir::homePath() : QFileInfo(m_session->path()).absolutePath();
    auto *dialog = new QFileDialog(this, title, folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QString::fromLatin1(name));
    dialog->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
    if (toSave) {
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(QStringLiteral("pem"));
        dialog->selectFile(suggested);
    } else {
        dialog->setFileMode(QFileDialog::ExistingFile);
    }
    connect(dialog, &QFileDialog::fileSelected, this, then);
    dialog->open();
}

void ConnectionDialog::trust(std::size_t hop, int certificate)
{
    const net::SeenCertificate *one = certificateAt(hop, certificate);
    if (!one)
        return;
    m_certificates->choose(hop, certificate);
    chooseFile(tr("Write the certificate that is trusted"), "trustFile", true, trustFileName(m_seen->hops[hop], *one),
               [this, hop, certificate](const QString &path) { trustInto(hop, certificate, path); });
}

void ConnectionDialog::trustInto(std::size_t hop, int certificate, const QString &path)
{
    // The document may have changed while the file was chosen.
    const net::SeenCertificate *one = certificateAt(hop, certificate);
    if (!one)
        return;
    const QString absolute = QFileInfo(path).absoluteFilePath(), name = text::inert(absolute.toUtf8());
    if (const QString why = whyNoEdit(*m_session, m_seen->request); !why.isEmpty()) {
        say(why, true);
        return;
    }
    if (absolute == m_session->path()) {
        say(tr("%1 is the document itself: the certificate needs a file of its own.").arg(name), true);
        return;
    }
    const TrustFile file = trustFile(*m_seen, hop, *one);
    if (const auto written = writeFile(absolute, file.pem); !written) {
        say(tr("%1 was left as it was: %2").arg(name, written.error().reason), true);
        return;
    }
    m_written = m_seen->request.choice.kind == ConnectionChoice::AnyUrl && m_ca->text() == absolute;
    const QString kept = file.kept > 0 ? tr(" The certificates of the file before are in it, too.") : QString();
    const QString subject = text::inert(one->info.name);
    if (m_seen->request.choice.kind == ConnectionChoice::AnyUrl) {
        m_ca->setText(absolute);
        changed(tr("“%1” is in %2, which is the CA file above now.").arg(subject, name) + kept);
        return;
    }
    const bool keyHost = m_seen->request.choice.kind == ConnectionChoice::KeyHost;
    const QString member = keyHost ? QStringLiteral("jwk_local_ca") : QStringLiteral("client_tls/ca_certs");
    const auto splice = trustEdit(*m_session, m_seen->request, absolute);
    const QByteArray before = m_session->document().bytes();
    m_session->edit(splice, tr("Trust %1").arg(subject));
    const bool edited = m_session->document().bytes() != before;
    m_written = !edited;
    const QString idle = keyHost && !m_seen->policy().verify ? tr(" It counts once disable_jwk_security is gone.") : QString();
    changed((edited ? tr("“%1” is in %2, and %3 names it; Undo takes that back.").arg(subject, name, member)
                    : tr("“%1” is in %2, which %3 names already.").arg(subject, name, member)) +
            kept + idle);
}

void ConnectionDialog::usePin(std::size_t hop, int certificate)
{
    const net::SeenCertificate *one = certificateAt(hop, certificate);
    if (!one)
        return;
    m_certificates->choose(hop, certificate);
    if (const QString why = whyNoEdit(*m_session, m_seen->request); !why.isEmpty()) {
        say(why, true);
        return;
    }
    const QByteArray pin = jose::encodeBase64Url(one->info.pin);
    const QString subject = text::inert(one->info.name);
    const QString meaning = meaningAsPin(*m_seen, hop, std::size_t(certificate));
    if (m_seen->request.choice.kind == ConnectionChoice::AnyUrl) {
        const QString text = m_pins->text().trimmed();
        m_pins->setText(text.isEmpty() ? QString::fromLatin1(pin) : text + QStringLiteral(", ") + QString::fromLatin1(pin));
        changed(tr("The key of “%1” is pinned: %2.").arg(subject, meaning));
        return;
    }
    m_session->edit(pinEdit(*m_session, m_seen->request, pin), tr("Pin %1").arg(subject));
    changed(tr("jwk_fingerprints has the key of “%1” now: %2. Undo takes it back.").arg(subject, meaning));
}

void ConnectionDialog::savePem(std::size_t hop, int certificate)
{
    const net::SeenCertificate *one = certificateAt(hop, certificate);
    if (!one)
        return;
    chooseFile(tr("Save the certificate as PEM"), "savePemFile", true, trustFileName(m_seen->hops[hop], *one),
               [this, pem = crypto::certificatePem(one->der)](const QString &path) {
                   const QString name = text::inert(path.toUtf8());
                   if (QFileInfo(path).absoluteFilePath() == m_session->path())
                       say(tr("%1 is the document itself: the certificate needs a file of its own.").arg(name), true);
                   else if (const auto written = writeFile(path, pem); !written)
                       say(tr("%1 was left as it was: %2").arg(name, written.error().reason), true);
                   else
                       say(tr("The certificate is in %1.").arg(name));
               });
}

void ConnectionDialog::reject()
{
    if (m_look->isRunning())
        cancel();
    else
        QDialog::reject();
}

void ConnectionDialog::closeEvent(QCloseEvent *event)
{
    cancel();
    QDialog::closeEvent(event);
}

void ConnectionDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (chosen().kind == ConnectionChoice::AnyUrl)
        m_url->setFocus();
    else
        m_connect->setFocus();
}

void ConnectionDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    // Icons take their colours when they are made.
    if (event->type() == QEvent::PaletteChange && m_seen) {
        m_certificates->show(*m_seen, m_session->now());
        updateEditable();
    }
}

} // namespace tokenlab::ui
