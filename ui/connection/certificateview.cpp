#include "ui/connection/certificateview.h"

#include "core/jose/base64.h"
#include "core/text/text.h"
#include "ui/connection/connectionedits.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/wraplabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenlab::ui {

namespace {

enum Column { NameColumn, RoleColumn, HostColumn };
constexpr int rowsShown = 5;

QString hexOf(const QByteArray &digest)
{
    return QString::fromLatin1(digest.toHex());
}

bool isOutOfDate(const crypto::CertificateInfo &info, Instant now)
{
    return now < info.notBefore || info.notAfter < now;
}

} // namespace

CertificateView::CertificateView(QWidget *parent)
    : QWidget(parent),
      m_pages(new QStackedWidget(this)),
      m_none(plainLabel({}, "muted", this)),
      m_model(new QStandardItemModel(this)),
      m_list(new QTreeView(this)),
      m_scroll(new QScrollArea(this)),
      m_form(new QVBoxLayout),
      m_trust(new QPushButton(tr("Trust this CA…"), this)),
      m_pin(new QPushButton(tr("Use as pin"), this)),
      m_copyPin(new QPushButton(tr("Copy pin"), this)),
      m_copyPem(new QPushButton(tr("Copy PEM"), this)),
      m_savePem(new QPushButton(tr("Save PEM…"), this)),
      m_hint(new WrapLabel({}, "muted", this))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_pages);
    m_none->setObjectName(QStringLiteral("certificatesNone"));
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setContentsMargins(24, 12, 24, 12);
    m_pages->addWidget(m_none);
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(8, 0, 8, 8);
    column->setSpacing(6);
    m_pages->addWidget(page);

    m_list->setObjectName(QStringLiteral("certificateList"));
    m_list->setAccessibleName(tr("Certificates"));
    m_list->setModel(m_model);
    m_list->setRootIsDecorated(false);
    m_list->setIndentation(0);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setIconSize({13, 13});
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setStyleSheet(QStringLiteral("QTreeView::item { padding: 4px 4px; border: none; }"));
    column->addWidget(m_list);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CertificateView::showChosen);

    auto *details = new QWidget;
    details->setProperty("surface", QStringLiteral("clear"));
    details->setLayout(m_form);
    m_form->setContentsMargins(6, 4, 6, 4);
    m_form->setSpacing(6);
    addRow(tr("Subject"), {}, "certificateSubject", false);
    addRow(tr("Issuer"), {}, "certificateIssuer", false);
    addRow(tr("Names"), QStringLiteral("subjectAltName"), "certificateNames", true);
    addRow(tr("Dates"), {}, "certificateDates", false);
    addRow(tr("Key"), {}, "certificateKey", false);
    addRow(tr("SPKI pin"), QStringLiteral("base64url"), "certificatePin", true);
    addRow(tr("As a pin"), QStringLiteral("jwk_fingerprints"), "certificateMeaning", false);
    addRow(tr("Role"), {}, "certificateRole", false);
    addRow(tr("Serial"), {}, "certificateSerial", true);
    addRow(tr("Certificate"), QStringLiteral("SHA-256, no pin"), "certificateDigest", true);
    m_form->addStretch(1);
    m_scroll->setObjectName(QStringLiteral("certificateScroll"));
    m_scroll->setAccessibleName(tr("The chosen certificate"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::StrongFocus);
    m_scroll->setWidget(details);
    column->addWidget(m_scroll, 1);

    m_hint->setObjectName(QStringLiteral("certificateHint"));
    m_hint->setFont(smallFont());
    m_hint->setContentsMargins(6, 0, 6, 0);
    column->addWidget(m_hint);
    auto *buttons = new QWidget(this);
    auto *flow = new FlowLayout(buttons, 6);
    for (const auto &[button, name] :
         {std::pair(m_trust, "trustButton"), std::pair(m_pin, "pinButton"), std::pair(m_copyPin, "copyPinButton"),
          std::pair(m_copyPem, "copyPemButton"), std::pair(m_savePem, "savePemButton")}) {
        button->setObjectName(QString::fromLatin1(name));
        button->setAutoDefault(false);
        flow->addWidget(button);
    }
    column->addWidget(buttons);
    const auto ask = [this](void (CertificateView::*asked)(std::size_t, int)) {
        const int row = m_list->currentIndex().row();
        if (row >= 0 && std::size_t(row) < m_places.size())
            Q_EMIT(this->*asked)(m_places[std::size_t(row)].hop, m_places[std::size_t(row)].certificate);
    };
    connect(m_trust, &QPushButton::clicked, this, [ask] { ask(&CertificateView::trustAsked); });
    connect(m_pin, &QPushButton::clicked, this, [ask] { ask(&CertificateView::pinAsked); });
    connect(m_savePem, &QPushButton::clicked, this, [ask] { ask(&CertificateView::saveAsked); });
    connect(m_copyPin, &QPushButton::clicked, this, [this] {
        if (const net::SeenCertificate *one = chosen()) {
            QGuiApplication::clipboard()->setText(QString::fromLatin1(jose::encodeBase64Url(one->info.pin)));
            Q_EMIT copied(tr("The pin is on the clipboard."));
        }
    });
    connect(m_copyPem, &QPushButton::clicked, this, [this] {
        if (const net::SeenCertificate *one = chosen()) {
            QGuiApplication::clipboard()->setText(QString::fromLatin1(crypto::certificatePem(one->der)));
            Q_EMIT copied(tr("The certificate is on the clipboard, as PEM."));
        }
    });
    showNone({});
}

void CertificateView::addRow(const QString &title, const QString &member, const char *name, bool mono)
{
    auto *value = new WrapLabel;
    value->setObjectName(QString::fromLatin1(name));
    if (mono)
        value->setFont(monoFont());
    value->setContentsMargins(0, 3, 0, 0);
    QWidget *label = memberLabel(title, member, nullptr);
    addFormRow(m_form, label, value);
    m_values[name] = value;
    m_labels[name] = label;
}

const net::SeenCertificate *CertificateView::chosen() const
{
    const int row = m_list->currentIndex().row();
    if (!m_seen || row < 0 || std::size_t(row) >= m_places.size())
        return nullptr;
    const Place &place = m_places[std::size_t(row)];
    return &m_seen->hops[place.hop].certificates[std::size_t(place.certificate)];
}

void CertificateView::showNone(const QString &words)
{
    m_seen.reset();
    m_places.clear();
    m_model->clear();
    m_none->setText(words);
    m_pages->setCurrentIndex(0);
}

void CertificateView::show(const Seen &seen, Instant now)
{
    showNone({});
    m_now = now;
    m_model->setHorizontalHeaderLabels({tr("Certificate"), tr("Role"), tr("Host")});
    int chains = 0;
    for (const net::SeenHop &hop : seen.hops)
        chains += hop.certificates.empty() ? 0 : 1;
    std::size_t last = 0;
    for (std::size_t i = 0; i < seen.hops.size(); ++i) {
        const net::SeenHop &hop = seen.hops[i];
        for (std::size_t at = 0; at < hop.certificates.size(); ++at) {
            const net::SeenCertificate &one = hop.certificates[at];
            const bool outOfDate = isOutOfDate(one.info, now);
            auto *name = new QStandardItem(text::inert(one.info.name));
            name->setIcon(outOfDate      ? shapeIcon(Shape::Cross, toneColor(Tone::Bad))
                          : one.verified ? shapeIcon(Shape::Check, toneColor(Tone::Good))
                                         : shapeIcon(Shape::Ring, tokens().faint));
            name->setToolTip(text::inert(one.info.subject).toHtmlEscaped());
            auto *role = new QStandardItem(text::certificateRole(one));
            auto *host = new QStandardItem(text::inert(hop.report.peer));
            name->setData(outOfDate ? tr("%1, out of date").arg(name->text()) : name->text(), Qt::AccessibleTextRole);
            m_model->appendRow({name, role, host});
            if (m_places.empty() || m_places.back().hop != i)
                last = m_places.size();
            m_places.push_back({i, int(at)});
        }
    }
    if (m_places.empty()) {
        const bool plain = std::none_of(seen.hops.begin(), seen.hops.end(), [](const net::SeenHop &hop) { return hop.secure; });
        showNone(seen.hops.empty() ? tr("Nobody was asked.")
                 : plain           ? tr("Asked over http: there is no TLS, and nobody shows a certificate.")
                                   : tr("No certificate was seen: the handshake did not come so far."));
        return;
    }
    m_seen = seen;
    QHeaderView *header = m_list->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(RoleColumn, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(HostColumn, QHeaderView::ResizeToContents);
    m_list->setColumnHidden(HostColumn, chains < 2);
    m_pages->setCurrentIndex(1);
    const int rows = int(qMin<std::size_t>(m_places.size(), rowsShown));
    m_list->setFixedHeight(header->sizeHint().height() + rows * qMax(24, m_list->sizeHintForRow(0)) + 6);
    // The hop that came last decides.
    m_list->setCurrentIndex(m_model->index(int(last), 0));
    showChosen();
}

void CertificateView::choose(std::size_t hop, int certificate)
{
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        if (m_places[i].hop == hop && m_places[i].certificate == certificate)
            m_list->setCurrentIndex(m_model->index(int(i), 0));
    }
}

void CertificateView::showChosen()
{
    const net::SeenCertificate *one = chosen();
    if (!one)
        return;
    const crypto::CertificateInfo &info = one->info;
    const auto set = [this](const char *name, const QString &text, const char *role = nullptr) {
        WrapLabel *value = m_values[name];
        value->setText(text);
        setStyleProperty(value, "role", QString::fromLatin1(role ? role : ""));
        value->updateGeometry();
    };
    QStringList names;
    for (const QByteArray &name : info.names)
        names << text::inert(name);
    set("certificateSubject", info.subject.isEmpty() ? tr("none") : text::inert(info.subject));
    set("certificateIssuer", info.isSelfSigned ? tr("itself") : info.issuer.isEmpty() ? tr("none") : text::inert(info.issuer));
    set("certificateNames", names.isEmpty() ? tr("none") : names.join(QStringLiteral(", ")), names.isEmpty() ? "muted" : nullptr);
    set("certificateDates", tr("%1, from %2").arg(text::certificateValidity(info, m_now), text::utcTime(info.notBefore.secondsSinceEpoch)),
        isOutOfDate(info, m_now) ? "bad" : nullptr);
    set("certificateKey", tr("%1, signed with %2").arg(text::inert(info.key), text::inert(info.signature)));
    set("certificatePin", QString::fromLatin1(jose::encodeBase64Url(info.pin)));
    const Place &place = m_places[std::size_t(m_list->currentIndex().row())];
    const bool pins = m_seen->request.choice.kind != ConnectionChoice::BackendHost;
    m_labels["certificateMeaning"]->setVisible(pins);
    m_values["certificateMeaning"]->setVisible(pins);
    const QString meaning = pins ? meaningAsPin(*m_seen, place.hop, std::size_t(place.certificate)) : QString();
    set("certificateMeaning", isPinned(*m_seen, *one) ? meaning : tr("once it is added: %1").arg(meaning));
    set("certificateRole", info.isAuthority ? tr("%1; an authority").arg(text::certificateRole(*one)) : text::certificateRole(*one));
    set("certificateSerial", text::inert(info.serial));
    set("certificateDigest", hexOf(info.certificateDigest));
    m_trust->setText(info.isAuthority ? tr("Trust this CA…") : tr("Trust this certificate…"));
    updateButtons();
}

QString CertificateView::whyNoTrust() const
{
    const net::SeenCertificate *one = chosen();
    const Place &place = m_places[std::size_t(m_list->currentIndex().row())];
    const net::SeenHop &hop = m_seen->hops[place.hop];
    if (hop.trust && hop.trust->ok())
        return m_seen->policy().verify ? tr("The host is trusted already.")
                                       : tr("The host is trusted as it is: it needs no disable_jwk_security.");
    if (!one->vouches)
        return tr("This certificate alone would not make the host trusted.");
    return {};
}

QString CertificateView::whyNoPin() const
{
    const net::SeenCertificate *one = chosen();
    if (m_seen->request.choice.kind == ConnectionChoice::BackendHost)
        return tr("Backends are not pinned: client_tls has no pins.");
    if (isPinned(*m_seen, *one))
        return tr("It is pinned already.");
    if (!one->sent)
        return tr("The host does not send this certificate: its pin would never be met.");
    return {};
}

void CertificateView::updateButtons()
{
    if (!chosen())
        return;
    const QString noTrust = m_whyNot.isEmpty() ? whyNoTrust() : m_whyNot, noPin = m_whyNot.isEmpty() ? whyNoPin() : m_whyNot;
    m_trust->setEnabled(noTrust.isEmpty());
    m_trust->setToolTip(noTrust.isEmpty() ? tr("Write it into a PEM file that the configuration names") : noTrust);
    m_pin->setEnabled(noPin.isEmpty());
    m_pin->setToolTip(noPin.isEmpty() ? tr("Add its pin to jwk_fingerprints") : noPin);
    QStringList hints;
    for (const QString &why : {noTrust, noPin}) {
        if (!why.isEmpty() && !hints.contains(why))
            hints << why;
    }
    m_hint->setText(hints.join(QLatin1Char(' ')));
    m_hint->setVisible(!hints.isEmpty());
}

void CertificateView::setEditable(const QString &whyNot)
{
    m_whyNot = whyNot;
    updateButtons();
}

} // namespace tokenlab::ui
