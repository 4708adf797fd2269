# Where the program and what belongs to it go in an installed system.
include(GNUInstallDirs)

# Found where the icon theme, the desktop and the software centre look.
set(_tokenlab_resources ${CMAKE_SOURCE_DIR}/resources)
install(TARGETS token-lab RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/packaging/token-lab.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/org.tokenlab.TokenLab.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(EXISTS ${_tokenlab_resources}/icons/token-lab.svg)
    install(FILES ${_tokenlab_resources}/icons/token-lab.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()
if(EXISTS ${CMAKE_SOURCE_DIR}/packaging/token-lab.1)
    install(FILES ${CMAKE_SOURCE_DIR}/packaging/token-lab.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
