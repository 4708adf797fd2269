// Sizes of the main window and its docks: the first layout, the restored one, and what happens when the window grows.
#include "ui/mainwindow.h"

#include "ui/endpoint/endpointspanel.h"
#include "ui/log/bottompanel.h"
#include "ui/widgets/basics.h"

#include <QResizeEvent>
#include <QScreen>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>

namespace tokenlab::ui {

namespace {
constexpr int lowWindow = 900;       // below this height the bottom dock folds
constexpr int lowestEndpoints = 132; // three of them under their title
constexpr int lowestForm = 140;
} // namespace

void MainWindow::applyLayout()
{
    m_columns = Columns::ofWindow(width());
    m_work->resizeDocks({m_endpointsDock, m_responseDock}, {m_columns.left, m_columns.right}, Qt::Horizontal);
    const int body = m_work->height();
    fitEndpoints();
    m_work->resizeDocks({m_responseDock, m_tokensDock}, {qBound(148, body / 4, 190), body}, Qt::Vertical);
    if (!m_bottom->isFolded())
        m_work->resizeDocks({m_bottomDock}, {m_unfoldedHeight}, Qt::Vertical);
    if (auto *middle = qobject_cast<QSplitter *>(m_work->centralWidget()))
        middle->setSizes({qBound(138, body / 5, 190), body});
}

void MainWindow::fitEndpoints()
{
    if (!m_laidOut || !isVisible() || m_endpointsDock->isFloating() || m_signerDock->isFloating())
        return;
    const int both = m_endpointsDock->height() + m_signerDock->height();
    const int titles = m_endpoints->header()->sizeHint().height() + 8;
    const int wanted = m_endpoints->contentHeight() + titles;
    const auto *form = findChild<QScrollArea *>(QStringLiteral("signerScroll"));
    const int free = both - qMax(lowestForm, form && form->widget() ? form->widget()->sizeHint().height() : 0) - titles;
    const int height = qBound(lowestEndpoints, wanted, qMax(lowestEndpoints, free));
    m_work->resizeDocks({m_endpointsDock, m_signerDock}, {height, both - height}, Qt::Vertical);
}

// A main window gives all new width to its middle.
void MainWindow::growColumns(int before, int now)
{
    const Columns shown{m_endpointsDock->width(), m_responseDock->width()};
    // Not from what is shown while it is what was asked for: rounding would creep.
    m_columns = (m_columns.isNear(shown) ? m_columns : shown).scaled(before, now);
    m_work->resizeDocks({m_endpointsDock, m_responseDock}, {m_columns.left, m_columns.right}, Qt::Horizontal);
}

void MainWindow::restoreLayout()
{
    QSettings settings;
    const bool restored = m_options.remember && restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    const QRect room = screen() ? screen()->availableGeometry() : QRect(0, 0, 1280, 800);
    // Nobody knows yet how wide the frame will be.
    constexpr QSize frame(8, 40);
    if (!restored)
        resize(QSize(1480, 952).boundedTo(room.size() - frame));
    else if (!isMaximized() && !isFullScreen())
        setGeometry(insideOf(room, geometry())); // it was saved on another screen, perhaps
    if (m_options.remember) {
        m_laidOut = m_work->restoreState(settings.value(QStringLiteral("layout")).toByteArray(), layoutVersion);
        setTheme(choiceFromName(settings.value(QStringLiteral("theme")).toString()));
        m_foldedByUser = settings.value(QStringLiteral("bottomFolded")).toBool();
        updateRecent();
    } else {
        setTheme(ThemeChoice::System);
    }
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    foldByHeight();
    if (m_laidOut && isVisible() && event->oldSize().width() > 0 && event->oldSize().width() != event->size().width())
        growColumns(event->oldSize().width(), event->size().width());
    // Sizes of docks only hold once the window has its own; the user's own layout stays.
    if (!m_laidOut)
        QTimer::singleShot(0, this, [this] {
            if (!m_laidOut && isVisible()) {
                m_laidOut = true;
                applyLayout();
            }
        });
}

void MainWindow::foldByHeight()
{
    m_folding = true;
    m_bottom->setFolded(height() < lowWindow || m_foldedByUser);
    m_folding = false;
}

} // namespace tokenlab::ui
