#include "ui/problems/fieldmarks.h"

#include "core/text/problems.h"
#include "ui/problems/problempopup.h"
#include "ui/problems/severity.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr int markSize = 15;

bool isAtOrBelow(const QByteArray &pointer, const QByteArray &place)
{
    return pointer.startsWith(place) && (pointer.size() == place.size() || pointer[place.size()] == '/');
}

} // namespace

FieldMark::FieldMark(QWidget *anchor, int gap) : QAbstractButton(anchor->parentWidget()), m_anchor(anchor), m_gap(gap)
{
    setFixedSize(markSize, markSize);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Problems of this field: none"));
    anchor->installEventFilter(this);
    hide();
}

void FieldMark::setProblems(const std::vector<problems::Problem> &problems)
{
    m_problems = problems;
    std::stable_sort(m_problems.begin(), m_problems.end(),
                     [](const problems::Problem &a, const problems::Problem &b) { return a.severity < b.severity; });
    QStringList lines, words;
    for (const problems::Problem &problem : m_problems) {
        words << text::message(problem);
        lines << QStringLiteral("<p>%1</p>").arg(words.last().toHtmlEscaped());
    }
    setToolTip(lines.join(QString()));
    setAccessibleName(m_problems.empty() ? tr("Problems of this field: none")
                                         : severityName(m_problems.front().severity) + QStringLiteral(": ") + words.join(QLatin1Char(' ')));
    setVisible(!m_problems.empty() && m_anchor->isVisibleTo(parentWidget()));
    place();
    update();
}

void FieldMark::place()
{
    const QRect at = m_anchor->geometry();
    const int beside = at.left() + std::min(m_anchor->sizeHint().width(), at.width()) + m_gap;
    const int room = parentWidget()->width() - markSize;
    move(std::max(0, std::min(beside, room)), at.top() + (at.height() - markSize) / 2);
    raise();
}

void FieldMark::paintEvent(QPaintEvent *)
{
    if (m_problems.empty())
        return;
    QPainter painter(this);
    const problems::Severity severity = m_problems.front().severity;
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(tokens().accent);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    paintShape(painter, QRectF(rect()).adjusted(2, 2, -2, -2), shapeOf(severity), toneColor(toneOf(severity)));
}

bool FieldMark::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Show:
        setVisible(!m_problems.empty());
        [[fallthrough]];
    case QEvent::Move:
    case QEvent::Resize:
        place();
        break;
    case QEvent::HideToParent:
        hide();
        break;
    default:
        break;
    }
    return QAbstractButton::eventFilter(watched, event);
}

FieldMarks::FieldMarks(LabSession *session, ProblemRunner *runner, QWidget *signerForm, QWidget *backendForm)
    : QObject(signerForm), m_session(session), m_runner(runner), m_signerForm(signerForm), m_backendForm(backendForm)
{
    add(signerForm, Field::Signer, "alg", "algorithmBox");
    add(signerForm, Field::Signer, "kid", "kidBox");
    add(signerForm, Field::Signer, "jwk_url", "keySourceEdit", "keySourceMember");
    add(signerForm, Field::Signer, "jwk_local_path", "keySourceEdit", "keySourceMember");
    add(signerForm, Field::Signer, "keys_to_sign", "keysToSignEdit");
    add(signerForm, Field::Signer, "full", "fullBox");
    add(signerForm, Field::Signer, "typ", "typEdit");
    add(signerForm, Field::Signer, "disable_jwk_security", "insecureBox", "insecureBox");
    add(signerForm, Field::Signer, "jwk_local_ca", "caEdit");
    add(signerForm, Field::Signer, "jwk_fingerprints", "pinsEdit");
    add(signerForm, Field::Signer, "cipher_suites", "suitesEdit");
    add(backendForm, Field::Backend, "url_pattern", "urlPatternEdit");
    add(backendForm, Field::Backend, "host", "hostEdit");
    add(backendForm, Field::Backend, "method", "backendMethodBox");
    add(backendForm, Field::Backend, "encoding", "encodingBox");
    add(backendForm, Field::Backend, "extra_config/backend~1http/return_error_details", "errorDetailsEdit");
    add(backendForm, Field::Backend, "extra_config/backend~1http/return_error_code", "errorDetailsEdit");
    add(backendForm, Field::Endpoint, "input_headers", "inputHeaders");
    add(backendForm, Field::Endpoint, "input_query_strings", "inputQueries");
    if (auto *fold = signerForm->findChild<QWidget *>(QStringLiteral("securityFold"))) {
        m_foldMark = new FieldMark(fold, 26); // behind the fold's own triangle
        m_foldMark->setObjectName(QStringLiteral("securityMark"));
        connect(m_foldMark, &QAbstractButton::clicked, fold, [fold] { static_cast<QAbstractButton *>(fold)->setChecked(true); });
        connect(static_cast<QAbstractButton *>(fold), &QAbstractButton::toggled, this, &FieldMarks::showProblems);
    }
    connect(runner, &ProblemRunner::changed, this, &FieldMarks::showProblems);
}

void FieldMarks::add(QWidget *form, Field::Object object, const char *member, const char *name, const char *anchorName)
{
    auto *field = form->findChild<QWidget *>(QString::fromLatin1(name));
    if (!field)
        return;
    QWidget *anchor = nullptr;
    if (anchorName) {
        anchor = form->findChild<QWidget *>(QString::fromLatin1(anchorName));
    } else {
        for (QLabel *label : form->findChildren<QLabel *>()) {
            const QWidget *buddy = label->buddy();
            if (buddy && (buddy == field || field->isAncestorOf(buddy)))
                anchor = label;
        }
        // In a caption the member's name stands behind the words: the mark follows it.
        if (anchor) {
            const auto *box = qobject_cast<QBoxLayout *>(anchor->parentWidget()->layout());
            const auto labels = anchor->parentWidget()->findChildren<QLabel *>();
            if (box && box->direction() == QBoxLayout::LeftToRight && labels.size() > 1)
                anchor = labels.last();
        }
    }
    if (!anchor)
        return;
    FieldMark *&mark = m_marks[anchor];
    if (!mark) {
        mark = new FieldMark(anchor);
        mark->setObjectName(QString::fromLatin1(name) + QStringLiteral("Mark"));
        connect(mark, &QAbstractButton::clicked, this, [this, clicked = mark] {
            auto *popup = new ProblemPopup(m_runner, clicked->problems(), false, clicked);
            connect(popup, &ProblemPopup::placeAsked, this, &FieldMarks::placeAsked);
            popup->showAt(clicked->mapToGlobal(QPoint(0, clicked->height() + 3)), clicked);
        });
    }
    m_fields.push_back({form, field, member, object, mark});
}

QByteArray FieldMarks::pointerOf(const Field &field) const
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    if (!endpoint)
        return {};
    QByteArray object;
    switch (field.object) {
    case Field::Signer:
        object = endpoint->signerPointer;
        break;
    case Field::Endpoint:
        object = endpoint->pointer;
        break;
    case Field::Backend: {
        const auto *choice = m_backendForm->findChild<QComboBox *>(QStringLiteral("backendChoice"));
        const auto index = std::size_t(std::max(0, choice ? choice->currentIndex() : 0));
        object = index < endpoint->backends.size() ? endpoint->backends[index].pointer : QByteArray();
        break;
    }
    }
    return object.isEmpty() ? QByteArray() : object + '/' + field.member;
}

void FieldMarks::showProblems()
{
    std::map<FieldMark *, std::vector<problems::Problem>> found;
    std::vector<problems::Problem> folded;
    const auto *fold = m_signerForm->findChild<QAbstractButton *>(QStringLiteral("securityFold"));
    for (const Field &field : m_fields) {
        std::vector<problems::Problem> &list = found[field.mark];
        const QByteArray place = pointerOf(field);
        if (place.isEmpty())
            continue;
        for (const problems::Problem &problem : m_runner->judged()->list) {
            if (!isAtOrBelow(problem.pointer, place))
                continue;
            list.push_back(problem);
            static constexpr std::array inFold{"disable_jwk_security", "jwk_local_ca", "jwk_fingerprints", "cipher_suites"};
            if (std::any_of(inFold.begin(), inFold.end(), [&field](const char *name) { return field.member == name; }))
                folded.push_back(problem);
        }
    }
    for (const auto &[mark, list] : found)
        mark->setProblems(list);
    if (m_foldMark)
        m_foldMark->setProblems(fold && fold->isChecked() ? std::vector<problems::Problem>() : folded);
}

QWidget *FieldMarks::fieldFor(const QByteArray &pointer) const
{
    for (const Field &field : m_fields) {
        const QByteArray place = pointerOf(field);
        if (!place.isEmpty() && isAtOrBelow(pointer, place))
            return field.field;
    }
    return nullptr;
}

} // namespace tokenlab::ui
