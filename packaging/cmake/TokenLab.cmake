# Helpers of the build: one library a folder of core, one program a test file.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(tokenlab_flags INTERFACE)
target_compile_options(tokenlab_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow)
target_compile_definitions(tokenlab_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS
    TOKENLAB_VERSION="${PROJECT_VERSION}")
target_include_directories(tokenlab_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(TOKENLAB_SANITIZE)
    target_compile_options(tokenlab_flags INTERFACE -fsanitize=${TOKENLAB_SANITIZE} -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(tokenlab_flags INTERFACE -fsanitize=${TOKENLAB_SANITIZE})
endif()

# tokenlab_library(NAME DEPENDS…): the folder's sources as a static library tokenlab_NAME.
function(tokenlab_library name)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    add_library(tokenlab_${name} STATIC ${sources})
    target_link_libraries(tokenlab_${name} PUBLIC tokenlab_flags Qt6::Core ${ARGN})
    target_compile_definitions(tokenlab_${name} PRIVATE QT_NO_KEYWORDS)
endfunction()

# tokenlab_tests(LIBRARIES…): each tst_*.cpp of the folder as a test program named FOLDER_tst_x, with the label FOLDER.
# Those of tests/core have the label "core" too, and the target core_tests builds them.
function(tokenlab_tests)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tst_*.cpp)
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    cmake_path(SET core_tests ${CMAKE_SOURCE_DIR}/tests/core)
    cmake_path(IS_PREFIX core_tests ${CMAKE_CURRENT_SOURCE_DIR} is_core)
    set(labels ${folder})
    # Sanitized programs are several times slower; the limit is for what hangs.
    set(timeout 300)
    if(is_core)
        list(APPEND labels core)
    endif()
    if(TOKENLAB_SANITIZE)
        set(timeout 1500)
    endif()
    # A thousand random cases ask the gateway a thousand times.
    if(folder STREQUAL conformance)
        set(timeout 3600)
    endif()
    math(EXPR function_timeout "${timeout} * 1000")
    foreach(source ${sources})
        get_filename_component(stem ${source} NAME_WE)
        set(target ${folder}_${stem})
        add_executable(${target} ${source})
        target_link_libraries(${target} PRIVATE tokenlab_flags Qt6::Test ${ARGN})
        target_compile_definitions(${target} PRIVATE TOKENLAB_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data" TOKENLAB_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
        # Long tables cost minutes at -O3 and gain nothing; what they test keeps its own level.
        target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
        add_test(NAME ${target} COMMAND ${target})
        set_tests_properties(${target} PROPERTIES TIMEOUT ${timeout} LABELS "${labels}"
            ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QCA_PLUGIN_PATH=${TOKENLAB_QCA_PLUGIN_PATH};QTEST_FUNCTION_TIMEOUT=${function_timeout}")
        if(is_core)
            add_dependencies(core_tests ${target})
        endif()
    endforeach()
endfunction()

# QCA for Qt 6: the system's, or the one that packaging/bootstrap built into the user's cache (Debian 12).
macro(tokenlab_find_qca)
    set(_qca_paths "")
    if(DEFINED ENV{XDG_CACHE_HOME})
        list(APPEND _qca_paths $ENV{XDG_CACHE_HOME}/token-lab/qca)
    endif()
    if(DEFINED ENV{HOME})
        list(APPEND _qca_paths $ENV{HOME}/.cache/token-lab/qca)
    endif()
    # PATHS are asked last: a system's own QCA goes before a copy that an older release left in the cache.
    find_package(Qca-qt6 CONFIG QUIET HINTS ${TOKENLAB_QCA_PREFIX} PATHS ${_qca_paths})
    if(NOT Qca-qt6_FOUND)
        message(FATAL_ERROR "QCA for Qt 6 was not found. Run packaging/bootstrap, or set TOKENLAB_QCA_PREFIX to where it is installed.")
    endif()
    get_target_property(_qca_location qca-qt6 LOCATION)
    get_filename_component(_qca_dir ${_qca_location} DIRECTORY)
    # Where QCA's "ossl" plugin lies. A system's QCA and Qt know their own folders; naming them again does no harm.
    set(TOKENLAB_QCA_PLUGIN_PATH "")
    foreach(_candidate ${_qca_dir}/qca-qt6 ${_qca_dir}/qt6/plugins)
        if(EXISTS ${_candidate}/crypto)
            set(TOKENLAB_QCA_PLUGIN_PATH ${_candidate})
        endif()
    endforeach()
endmacro()

macro(tokenlab_find_sodium)
    find_path(SODIUM_INCLUDE_DIR sodium.h REQUIRED)
    find_library(SODIUM_LIBRARY sodium REQUIRED)
    add_library(tokenlab_sodium INTERFACE)
    target_include_directories(tokenlab_sodium SYSTEM INTERFACE ${SODIUM_INCLUDE_DIR})
    target_link_libraries(tokenlab_sodium INTERFACE ${SODIUM_LIBRARY})
endmacro()

# QScintilla has no CMake or pkg-config file.
macro(tokenlab_find_qscintilla)
    find_path(QSCINTILLA_INCLUDE_DIR Qsci/qsciscintilla.h PATH_SUFFIXES qt6 x86_64-linux-gnu/qt6 aarch64-linux-gnu/qt6 REQUIRED)
    find_library(QSCINTILLA_LIBRARY NAMES qscintilla2_qt6 REQUIRED)
    add_library(tokenlab_qscintilla INTERFACE)
    target_include_directories(tokenlab_qscintilla SYSTEM INTERFACE ${QSCINTILLA_INCLUDE_DIR})
    target_link_libraries(tokenlab_qscintilla INTERFACE ${QSCINTILLA_LIBRARY} Qt6::Widgets Qt6::PrintSupport)
endmacro()
