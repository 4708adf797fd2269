#include "ui/playground/playgrounddialog.h"

#include "core/text/text.h"
#include "ui/keys/keyquestions.h"
#include "ui/playground/addressescard.h"
#include "ui/playground/documentuse.h"
#include "ui/playground/faultsmodel.h"
#include "ui/widgets/elidedbox.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace tokenlab::ui {

using playground::Fault;
using playground::FaultGroup;
using playground::FaultSet;
using Side = Playground::Side;

namespace {

QPushButton *pushButton(const QString &text, const char *name, QWidget *parent)
{
    auto *made = new QPushButton(text, parent);
    made->setObjectName(QString::fromLatin1(name));
    made->setAutoDefault(false);
    return made;
}

QLabel *named(QLabel *label, const char *name)
{
    label->setObjectName(QString::fromLatin1(name));
    return label;
}

bool needsHttps(const playground::FaultSet &faults)
{
    const auto port = faults.of(FaultGroup::Port);
    return faults.of(FaultGroup::Certificate) || (port && port != Fault::KeyHostDown) || faults.contains(Fault::RedirectToHttp);
}

} // namespace

PlaygroundDialog::PlaygroundDialog(LabSession *session, QAction *send, QAction *restart, QWidget *parent)
    : QDialog(parent),
      m_session(session),
      m_playground(session->playground()),
      m_sendAction(send),
      m_restartAction(restart),
      m_state(named(plainLabel({}, nullptr, this), "playgroundState")),
      m_start(pushButton(tr("S&tart"), "startPlayground", this)),
      m_addresses(new AddressesCard(session->playground(), this)),
      m_model(new FaultsModel(this))
{
    setObjectName(QStringLiteral("playgroundDialog"));
    setWindowTitle(tr("Playground"));
    setModal(false);
    setWindowFlag(Qt::WindowMaximizeButtonHint);
    resize(1140, 700);
    QVBoxLayout *column = dialogColumn(this);
    auto *top = new QHBoxLayout;
    top->setSpacing(9);
    top->addWidget(m_state, 1);
    top->addWidget(m_start);
    column->addLayout(top);

    auto *cards = new QHBoxLayout;
    cards->setSpacing(10);
    auto *left = new QVBoxLayout;
    left->setSpacing(10);
    left->addWidget(m_addresses);
    left->addWidget(documentCard());
    left->addStretch(1);
    cards->addLayout(left, 5);
    cards->addWidget(faultsCard(), 6);
    column->addLayout(cards, 1);

    m_words = named(plainLabel({}, "muted", this), "playgroundWords");
    column->addWidget(m_words);
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(9);
    m_outcomeIcon = new QLabel(this);
    m_outcome = named(plainLabel({}, nullptr, this), "playgroundOutcome");
    bottom->addWidget(m_outcomeIcon, 0, Qt::AlignVCenter);
    bottom->addWidget(m_outcome, 1);
    QPushButton *sendButton = pushButton(tr("&Send"), "playgroundSend", this);
    sendButton->setProperty("kind", QStringLiteral("primary"));
    sendButton->setToolTip(tr("Ask as the main window does, with the request as it stands there"));
    QPushButton *close = pushButton(tr("Close"), "closePlayground", this);
    bottom->addWidget(sendButton);
    bottom->addWidget(close);
    column->addLayout(bottom);
    connect(sendButton, &QPushButton::clicked, m_sendAction, &QAction::trigger);
    const auto enableSend = [this, sendButton] { sendButton->setEnabled(m_sendAction->isEnabled()); };
    connect(m_sendAction, &QAction::changed, this, enableSend);
    enableSend();
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (m_playground->isRunning())
            m_playground->setFaults(m_playground->faults()); // a port that was taken is tried again
        m_playground->startHttps();
    });
    connect(m_addresses, &AddressesCard::said, this, &PlaygroundDialog::say);
    connect(m_addresses, &AddressesCard::caSaved, this, &PlaygroundDialog::showReach);
    connect(m_playground, &Playground::changed, this, &PlaygroundDialog::showPlayground);
    connect(m_playground, &Playground::faultsChanged, this, [this] {
        // Keys are judged again when the gateway has started; a login is asked with the next Send.
        const FaultSet now = m_playground->faults();
        for (const auto group : {FaultGroup::Certificate, FaultGroup::Port, FaultGroup::Login}) {
            if (m_shown.of(group) != now.of(group) && playgroundReach(*m_session, {}).login != Side::Neither)
                m_outdated = m_session->outcome() != nullptr;
        }
        m_shown = now;
        showFaults();
    });
    for (const auto changed : {&LabSession::configChanged, &LabSession::endpointChanged, &LabSession::bindingsChanged})
        connect(m_session, changed, this, &PlaygroundDialog::showReach);
    connect(m_session, &LabSession::documentOpened, this, [this] { say({}, false); });
    connect(m_session, &LabSession::signerChanged, this, &PlaygroundDialog::showGateway);
    connect(m_session, &LabSession::stateChanged, this, [this] {
        if (std::holds_alternative<Running>(m_session->state()))
            m_outdated = false;
        showGateway();
    });
    m_shown = m_playground->faults();
    say({}, false);
    showPlayground();
    m_faults->setCurrentIndex(m_model->indexOf(Fault::Expired));
    m_faults->setFocus();
}

PlaygroundDialog::~PlaygroundDialog()
{
    // Children go after this object: nothing of theirs may call back.
    m_faults->selectionModel()->disconnect(this);
}

Card *PlaygroundDialog::documentCard()
{
    auto *card = new Card(this);
    card->column()->addWidget(new CardHeader(tr("In the document"), card));
    auto *body = new QVBoxLayout;
    body->setContentsMargins(13, 2, 13, 12);
    body->setSpacing(8);
    card->column()->addLayout(body);
    m_lead = new ElidedBox(card);
    m_lead->setObjectName(QStringLiteral("playgroundLead"));
    m_lead->setAccessibleName(tr("Where the hosts of the document lead"));
    m_lead->addItem(tr("Where the file says"), int(HostsLead::AsWritten));
    m_lead->addItem(tr("To the playground, HTTP"), int(HostsLead::Http));
    m_lead->addItem(tr("To the playground, HTTPS"), int(HostsLead::Https));
    addFormRow(body, memberLabel(tr("Its hosts lead"), {}, m_lead), m_lead);
    m_reach = named(plainLabel({}, "muted", card), "playgroundReach");
    body->addWidget(m_reach);
    m_use = pushButton(tr("Use &HTTPS in this document"), "usePlaygroundHttps", card);
    auto *row = new QHBoxLayout;
    row->addWidget(m_use);
    row->addStretch(1);
    body->addLayout(row);
    connect(m_lead, &QComboBox::activated, this, [this](int index) {
        leadHosts(*m_session, HostsLead(m_lead->itemData(index).toInt()));
        say(tr("Bindings are never written to the file; Undo takes this back."), false);
        showReach();
    });
    connect(m_use, &QPushButton::clicked, this, [this] {
        useHttps(*m_session, m_addresses->caFile());
        say(tr("The document names the playground's CA; Undo takes it back, with the bindings."), false);
        showReach();
    });
    return card;
}

Card *PlaygroundDialog::faultsCard()
{
    auto *card = new Card(this);
    auto *header = new CardHeader(tr("What goes wrong"), card);
    m_noFault = flatButton(tr("No fault"), tr("Switch all faults off"), QStringLiteral("noFaultButton"), card);
    m_noFault->setProperty("kind", QStringLiteral("link"));
    header->addAction(m_noFault);
    card->column()->addWidget(header);
    m_faults = new QTreeView(card);
    m_faults->setObjectName(QStringLiteral("faultsTree"));
    m_faults->setAccessibleName(tr("Faults of the playground"));
    m_faults->setAccessibleDescription(tr("At most one of each group is on; Space switches"));
    m_faults->setModel(m_model);
    m_faults->setIndentation(14);
    m_faults->setUniformRowHeights(true);
    m_faults->setAllColumnsShowFocus(true);
    m_faults->setHeaderHidden(true);
    m_faults->setItemsExpandable(false);
    m_faults->setRootIsDecorated(false);
    m_faults->setStyleSheet(QStringLiteral("QTreeView::item { padding: 2px; min-height: 19px; border: none; }"));
    m_faults->header()->setStretchLastSection(true);
    m_faults->header()->setSectionResizeMode(FaultsModel::NameColumn, QHeaderView::Fixed);
    m_faults->header()->resizeSection(FaultsModel::NameColumn, 196);
    for (int group = 0; group < m_model->rowCount(); ++group)
        m_faults->setFirstColumnSpanned(group, {}, true);
    m_faults->expandAll();
    auto *body = new QVBoxLayout;
    body->setContentsMargins(9, 0, 9, 11);
    body->setSpacing(6);
    card->column()->addLayout(body, 1);
    body->addWidget(m_faults, 1);

    auto *details = new QVBoxLayout;
    details->setContentsMargins(5, 4, 5, 0);
    details->setSpacing(4);
    body->addLayout(details);
    m_faultName = named(plainLabel({}, "title", card), "faultName");
    m_faultName->setFont(monoFont());
    m_effect = named(plainLabel({}, nullptr, card), "faultEffect");
    m_consequence = named(plainLabel({}, nullptr, card), "faultConsequence");
    m_hint = named(plainLabel({}, "warning", card), "faultHint");
    m_useForFault = pushButton(tr("Use HTTPS in this document"), "useHttpsForFault", card);
    for (QWidget *one : {static_cast<QWidget *>(m_faultName), static_cast<QWidget *>(m_effect), static_cast<QWidget *>(m_consequence),
                         static_cast<QWidget *>(m_hint)})
        details->addWidget(one);
    details->addWidget(m_useForFault, 0, Qt::AlignLeft);
    // Room for the longest, so that the list keeps its height while one walks through it.
    m_consequence->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_consequence->setMinimumHeight(2 * m_consequence->fontMetrics().lineSpacing() + 2);

    auto *line = new QHBoxLayout;
    line->setContentsMargins(5, 3, 5, 0);
    m_restarts = new QCheckBox(tr("&Restart the gateway with each switch"), card);
    m_restarts->setObjectName(QStringLiteral("restartWithFault"));
    m_restarts->setToolTip(tr("A gateway loads its keys once, when it starts. One that runs on signs with those it has."));
    m_restarts->setChecked(m_playground->restartsGateway());
    line->addWidget(m_restarts);
    line->addStretch(1);
    QToolButton *restart =
        flatButton(tr("Restart now"), tr("Restart the gateway now: load the keys again"), QStringLiteral("playgroundRestart"), card);
    restart->setProperty("kind", QStringLiteral("link"));
    line->addWidget(restart);
    body->addLayout(line);
    m_gateway = named(plainLabel({}, "muted", card), "playgroundGateway");
    m_gateway->setContentsMargins(5, 0, 5, 0);
    m_gateway->setFont(smallFont());
    body->addWidget(m_gateway);

    connect(m_model, &FaultsModel::asked, this, [this](const FaultSet &faults) {
        // A click on a box alone moves no current row: what was switched is told below.
        const FaultSet before = m_playground->faults();
        for (const FaultSet *one : {&before, &faults}) {
            for (const Fault fault : *one) {
                if (before.contains(fault) != faults.contains(fault))
                    m_faults->setCurrentIndex(m_model->indexOf(fault));
            }
        }
        m_playground->setFaults(faults);
    });
    connect(m_faults->selectionModel(), &QItemSelectionModel::currentChanged, this, &PlaygroundDialog::showFaultDetails);
    connect(m_faults, &QTreeView::doubleClicked, this, [this](const QModelIndex &index) {
        const QModelIndex name = index.siblingAtColumn(FaultsModel::NameColumn);
        if (index.column() != FaultsModel::NameColumn && m_model->faultAt(name))
            m_model->setData(name, name.data(Qt::CheckStateRole).toInt() == Qt::Checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    });
    connect(m_noFault, &QToolButton::clicked, this, [this] { m_playground->setFaults({}); });
    connect(m_useForFault, &QPushButton::clicked, this, [this] {
        m_use->click();
        m_faults->setFocus(); // the button goes
    });
    connect(m_restarts, &QCheckBox::toggled, this, [this](bool on) { m_playground->setRestartsGateway(on); });
    connect(restart, &QToolButton::clicked, m_restartAction, &QAction::trigger);
    return card;
}

void PlaygroundDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    // Certificates are made when somebody looks for them, for a playground that runs.
    if (m_playground->isRunning())
        m_playground->startHttps();
    showPlayground();
}

void PlaygroundDialog::showPlayground()
{
    const bool runs = m_playground->isRunning();
    const QString &trouble = m_playground->trouble();
    m_state->setText(!trouble.isEmpty() ? trouble
                     : runs ? tr("A login backend inside Token Lab, on this computer alone: it answers as long as the program runs.")
                            : tr("The playground does not run: your own file needs none. Start it to have a login and keys to try with."));
    setStyleProperty(m_state, "role", trouble.isEmpty() ? QStringLiteral("muted") : QStringLiteral("bad"));
    m_start->setText(trouble.isEmpty() ? tr("S&tart") : tr("&Try again"));
    m_start->setVisible(!runs || !trouble.isEmpty());
    m_addresses->showAddresses();
    m_faults->setEnabled(runs);
    showFaults();
    showReach();
}

void PlaygroundDialog::showReach()
{
    if (!isVisible())
        return; // showEvent() comes back to it
    const PlaygroundReach reach = playgroundReach(*m_session, m_addresses->caFile());
    const auto setItemEnabled = [this](HostsLead lead, bool enabled) {
        m_lead->setItemData(m_lead->findData(int(lead)), enabled ? QVariant() : QVariant(0), Qt::UserRole - 1); // QComboBox's flags
    };
    setItemEnabled(HostsLead::Http, m_playground->isRunning());
    setItemEnabled(HostsLead::Https, m_playground->tls() != nullptr);
    const int several = m_lead->findData(int(HostsLead::Several));
    if (reach.lead == HostsLead::Several && several < 0)
        m_lead->addItem(tr("To different places"), int(HostsLead::Several));
    else if (reach.lead != HostsLead::Several && several >= 0)
        m_lead->removeItem(several);
    m_lead->setCurrentIndex(m_lead->findData(int(reach.lead)));
    m_lead->setEnabled(m_playground->isRunning() && !reach.origins.empty());

    QString keys;
    switch (reach.keys) {
    case Side::Neither:
        keys = tr("The keys of this endpoint do not come from the playground.");
        break;
    case Side::Http:
        keys = tr("The keys come from the playground over HTTP: no certificate is looked at.");
        break;
    case Side::Https:
        keys = !reach.verifiesKeys ? tr("The keys come over HTTPS with disable_jwk_security: no certificate is looked at.")
               : reach.namesCa     ? tr("The keys come over HTTPS, verified with the playground's CA.")
                                   : tr("The keys come over HTTPS, verified, but not with the playground's CA.");
        break;
    }
    const QString login = reach.login == Side::Https  ? tr("The login is asked over HTTPS.")
                          : reach.login == Side::Http ? tr("The login is asked over HTTP.")
                                                      : tr("The login is asked elsewhere.");
    m_reach->setText(m_session->endpoint() ? keys + QLatin1Char(' ') + login : tr("No endpoint is chosen."));
    const auto use = httpsUse(*m_session, m_addresses->caFile());
    m_use->setEnabled(use.has_value());
    m_use->setToolTip(use && use->clientTls ? tr("Sets jwk_local_ca, and client_tls.ca_certs for the login; one undo takes it back")
                      : use                 ? tr("Sets jwk_local_ca; one undo takes it back")
                                            : tr("There is nothing to set: no key URL, or all of it is set already"));
    showFaults();
}

QString PlaygroundDialog::faultHint() const
{
    const FaultSet on = m_playground->faults();
    if (on.isEmpty() || !m_session->endpoint())
        return {};
    const PlaygroundReach reach = playgroundReach(*m_session, m_addresses->caFile());
    if (reach.keys == Side::Neither && reach.login == Side::Neither)
        return tr("Nothing of this endpoint leads to the playground, so no fault shows here.");
    const bool keysOver = reach.keys == Side::Https, loginOver = reach.login == Side::Https;
    if (on.contains(Fault::RedirectToHttp) && !keysOver)
        return tr("This document fetches its keys over HTTP already, so the redirect does not show.");
    if (needsHttps(on) && !keysOver && !loginOver)
        return tr("This document reaches the playground over HTTP alone, so what is wrong with HTTPS does not show.");
    if (on.of(FaultGroup::Certificate) && keysOver && !reach.verifiesKeys && !loginOver)
        return tr("disable_jwk_security: the gateway does not look at the certificate.");
    return {};
}

void PlaygroundDialog::showFaults()
{
    const FaultSet on = m_playground->faults();
    m_model->setFaults(on);
    m_noFault->setEnabled(!on.isEmpty());
    const QString hint = faultHint();
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    m_useForFault->setVisible(!hint.isEmpty() && needsHttps(on) && m_use->isEnabled());
    showFaultDetails();
    showGateway();
}

void PlaygroundDialog::showFaultDetails()
{
    const auto fault = m_model->faultAt(m_faults->currentIndex());
    m_faultName->setText(fault ? QStringLiteral("--fault ") + QString::fromLatin1(playground::faultInfo(*fault).name) : QString());
    m_effect->setText(fault ? playground::faultEffect(*fault) : tr("One of each group at a time."));
    m_consequence->setText(fault ? playground::faultConsequence(*fault) : QString());
}

void PlaygroundDialog::showGateway()
{
    const LoadedSigner &signer = m_session->signer();
    const QString time = QLocale().toString(signer.at.time(), QStringLiteral("HH:mm:ss"));
    const PlaygroundReach reach = playgroundReach(*m_session, {});
    QString words;
    if (signer.loading)
        words = tr("The gateway starts: it asks for its keys…");
    else if (!signer.at.isValid())
        words = tr("The gateway was not started yet.");
    else if (signer.state.signer && reach.keys != Side::Neither && m_playground->keysRotated())
        words = tr("The gateway still signs with the old key, loaded at its start %1: the key set has other names now.").arg(time);
    else if (signer.state.signer)
        words = tr("The gateway runs with the keys that it loaded at its start %1.").arg(time);
    else if (signer.state.error)
        words = tr("The gateway runs without its signer since its start %1, until it is started again.").arg(time);
    else
        words = tr("The gateway runs since %1.").arg(time);
    m_gateway->setText(words);

    const twin::Outcome *outcome = m_session->outcome();
    QString said;
    Shape shape = Shape::Ring;
    Tone tone = Tone::Neutral;
    if (std::holds_alternative<Running>(m_session->state())) {
        said = tr("Asking…");
    } else if (!outcome) {
        said = tr("Send shows what the gateway makes of it.");
    } else {
        const auto failing = std::find_if(outcome->trace.begin(), outcome->trace.end(),
                                          [](const twin::TraceStep &step) { return step.state == twin::StepState::Failed; });
        said = text::verdict(*outcome);
        if (failing != outcome->trace.end())
            said += QLatin1Char('\n') + text::stageTitle(failing->stage) + QStringLiteral(": ") + text::step(*failing);
        if (m_outdated)
            said = tr("Before the switch: %1").arg(said);
        const bool good = outcome->verdict == twin::Verdict::Signed;
        shape = good ? Shape::Dot : Shape::Cross;
        tone = good ? Tone::Accent : Tone::Bad;
    }
    m_outcome->setText(said);
    m_outcomeIcon->setPixmap(shapeIcon(shape, toneColor(tone)).pixmap(14, 14));
}

void PlaygroundDialog::say(const QString &words, bool bad)
{
    m_words->setText(words);
    setStyleProperty(m_words, "role", bad ? QStringLiteral("bad") : QStringLiteral("muted"));
    m_words->setVisible(!words.isEmpty());
}

} // namespace tokenlab::ui
