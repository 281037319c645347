import NetRuntime
import Testing

@testable import stingray_lua

@Suite(.serialized) struct TestRunnerTests {
  private func run(_ text: String, filter: String = "") throws -> [TestResult] {
    let folder = try TemporaryFolder()
    try folder.write("t.lua", text)
    let options = TestFileRunner.Options(filter: filter, timeLimit: 20)
    return try TestFileRunner(folder.path + "/t.lua", options, clock: SystemClock()).run()
  }

  private func failure(_ body: String) throws -> String {
    let results = try run("it('x', function() \(body) end)")
    #expect(results.count == 1)
    guard let result = results.first, result.outcome == .failed else { return "passed" }
    return result.text.split(separator: "\n").dropFirst().joined(separator: "\n")
  }

  @Test func blocksNestAndFunctionsRunInOrder() throws {
    let results = try run(
      """
      order = {}
      local function note(what) return function() table.insert(order, what) end end
      describe("outer", function()
        setup(note "setup") teardown(note "teardown") before_each(note "b1") after_each(note "a1")
        it("first", note "first")
        pending("later")
        describe("inner", function()
          before_each(note "b2") after_each(note "a2")
          it("second", note "second")
        end)
      end)
      it("last", function()
        assert.equal("setup b1 first a1 b1 b2 second a2 a1 teardown", table.concat(order, " "))
      end)
      """)
    #expect(results.map(\.name) == ["outer first", "outer later", "outer inner second", "last"])
    #expect(results.map(\.outcome) == [.passed, .pending, .passed, .passed])
  }

  @Test func failuresSayWhereAndWhat() throws {
    let results = try run(
      """
      describe("d", function()
        it("fails", function()
          local helper = function() assert.equal(1, 2) end
          helper()
        end)
        it("breaks", function()
          local nothing
          nothing.field = 1
        end)
      end)
      """)
    #expect(results.map(\.line) == [3, 8])
    #expect(results[0].text.hasSuffix("t.lua:3: assertion failed\nexpected: 1\nactual:   2"))
    #expect(results[1].text.contains("t.lua:8: attempt to index local 'nothing' (a nil value)\nstack traceback:"))
    #expect(TestReport.repetition(of: "it's d", in: "a b.lua") == "stingray-lua test 'a b.lua' --filter 'it'\\''s d'")
  }

  @Test func assertionsHoldOrSayWhyNot() throws {
    #expect(
      try failure("assert.same({ a = { 1, 2 } }, { a = { 1, 3 } })")
        == "expected: { a = { 1, 2 } }\nactual:   { a = { 1, 3 } }\nthey differ at .a[2]")
    #expect(try failure("assert.is_true(1)") == "expected: true\nactual:   1")
    #expect(try failure("assert.is_nil(false)") == "expected: nil\nactual:   false")
    #expect(try failure("assert.is_not_nil(nil)") == "expected the opposite of: not_nil\nexpected: nil\nactual:   nil")
    #expect(try failure("assert.near(1, 1.2, 0.1)") == "expected: 1\nactual:   1.2\nallowed:  within 0.1")
    #expect(try failure("assert.matches('^b', 'abc')") == "expected: text that matches \"^b\"\nactual:   \"abc\"")
    #expect(
      try failure("assert.has_error(function() end, 'x')") == "expected: an error \"x\"\nactual:   none was raised")
    #expect(try failure("assert.has_error(function() error('y') end, 'x')") == "expected: \"x\"\nactual:   \"y\"")
    #expect(try failure("assert.is_table('t')") == "expected: a table\nactual:   \"t\"")
    #expect(
      try failure(
        """
        assert.equal(1, 1) assert.not_equal(1, 2) assert.are.same({ 1 }, { 1 }) assert.is_not.same({ 1 }, { 2 })
        assert.is_false(false) assert.is_string('') assert.is_function(print) assert.truthy(0) assert.falsy(nil)
        assert.has_error(function() error('x') end, 'x') assert.has_error(function() error({ 1 }) end, { 1 })
        assert.has_no.errors(function() end) assert.error_matches(function() error('x12') end, 'x%d+')
        assert.equal(7, assert(7, 'message'))
        """) == "passed")
    #expect(
      try run("it('x', function() assert.is_tabel({}) end)")[0].text.contains("there is no assertion \"is_tabel\""))
  }

  @Test func aFilterIsANameOrAPattern() throws {
    let text =
      "describe('a', function() it('b', function() end) it('b too', function() end) it('c (d)', function() end) end)"
    #expect(try run(text, filter: "a b").map(\.name) == ["a b"])
    #expect(try run(text, filter: "b").map(\.name) == ["a b", "a b too"])
    #expect(try run(text, filter: "(d)").map(\.name) == ["a c (d)"])
    #expect(try run(text, filter: "^a %l$").map(\.name) == ["a b"])
    #expect(try run(text, filter: "[").isEmpty)
  }

  @Test func testsAreListedWithoutRunning() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "t.lua",
      """
      for _, n in ipairs { 'a', 'b' } do
        describe('N.' .. n, function() it('works', error) pending('later') end)
      end
      """)
    let runner = try TestFileRunner(folder.path + "/t.lua", TestFileRunner.Options(), clock: SystemClock())
    let names = try runner.list().map { "\($0.block): \($0.name)" }
    #expect(names == ["N.a: works", "N.a: later", "N.b: works", "N.b: later"])
  }

  @Test func aFileThatDoesNotLoadIsAFailure() throws {
    #expect(try run("it(").map(\.outcome) == [.failed])
    #expect(try run("error('no')").first?.text.contains("t.lua:1: no") == true)
    #expect(try run("it('x', function() it('y', function() end) end)").first?.text.contains("it inside a test") == true)
  }

  @Test func aFailingSetupFailsTheTestsBehindIt() throws {
    let results = try run(
      "describe('d', function() setup(function() error('no') end) it('a', function() end) it('b', function() end) end)")
    #expect(results.map(\.outcome) == [.failed, .failed])
  }

  @Test func resultsAreWrittenAsJUnit() {
    var report = TestReport()
    report.begin(file: "a.lua")
    report.add(TestResult(outcome: .passed, name: "x < y", file: "a.lua", line: 1, seconds: 0.0125, text: ""))
    report.add(TestResult(outcome: .failed, name: "z", file: "a.lua", line: 7, seconds: 1, text: "no & \"no\""))
    report.add(TestResult(outcome: .pending, name: "p", file: "a.lua", line: 9, seconds: 0, text: ""))
    #expect(
      report.junit == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="3" failures="1">
          <testsuite name="a.lua" tests="3" failures="1" skipped="1">
            <testcase name="x &lt; y" classname="a.lua" time="0.013"/>
            <testcase name="z" classname="a.lua" time="1.000">
              <failure message="a.lua:7">no &amp; &quot;no&quot;</failure>
            </testcase>
            <testcase name="p" classname="a.lua" time="0.000"><skipped/></testcase>
          </testsuite>
        </testsuites>

        """)
    #expect(report.summary == "a.lua: 1 passed, 1 failed\n")
  }
}
