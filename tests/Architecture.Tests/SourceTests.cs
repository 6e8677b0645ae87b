using System.Text.RegularExpressions;

namespace Monolith.Architecture.Tests;

/// <summary>Rules for the text of the sources.</summary>
[Trait("Category", "Unit")]
public sealed partial class SourceTests
{
    // The only wait in tests: for a condition, with a deadline.
    private const string WaitsForConditions = "tests/Testing.Basics/Eventually.cs";

    // The load has pauses by design; they are not a way to wait for a result.
    private static readonly string[] LoadGenerators = ["tests/Benchmarks/", "tests/System.Tests/Load/"];

    [Fact]
    public void MediatR_is_used_in_one_folder()
    {
        var files = Checkout.Files("src", "*.cs");
        const string application = "src/BuildingBlocks/Application/";
        var knowing = files.Where(path => KnowsMediatR(Checkout.Read(path))).ToArray();
        knowing.ShouldNotBeEmpty();
        knowing.Where(path => !path.StartsWith(application, StringComparison.Ordinal)).ShouldBeEmpty();
        Checkout.Projects("src").Where(project => KnowsMediatR(project.Project.ToString())).Select(project => project.Path)
            .ShouldBe(["src/BuildingBlocks/Application/Monolith.BuildingBlocks.Application.csproj"]);
        KnowsMediatR("using MediatR;").ShouldBeTrue("the rule catches the fixture");
    }

    [Fact]
    public void No_test_waits_for_the_clock()
    {
        var files = Checkout.Files("tests", "*.cs")
            .Where(path => !LoadGenerators.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))).ToArray();
        files.Length.ShouldBeGreaterThan(50);
        files.Where(path => path != WaitsForConditions && WaitsForTheClock(Checkout.Read(path))).ShouldBeEmpty();
        WaitsForTheClock(Checkout.Read(WaitsForConditions)).ShouldBeTrue("the rule catches what it exempts");
    }

    /// <summary>
    /// Npgsql reuses the reader for the next command of a connection. A reader that is disposed manually and again at the end of its scope
    /// would end that command.
    /// </summary>
    [Fact]
    public void Data_readers_are_disposed_by_their_scope()
    {
        var files = Checkout.Files("src", "*.cs");
        files.Count(path => ReadsRows().IsMatch(Checkout.Read(path))).ShouldBeGreaterThan(5);
        files.Where(path => ReadsRows().IsMatch(Checkout.Read(path)) && GivesBackByHand(Checkout.Read(path))).ShouldBeEmpty();
        GivesBackByHand("await using var reader = await left.ExecuteReaderAsync(cancellation); await reader.DisposeAsync();")
            .ShouldBeTrue("the rule catches the fixture");
    }

    [Fact]
    public void Every_data_source_of_Npgsql_has_a_name()
    {
        var files = Checkout.Files("src", "*.cs").ToArray();
        files.Count(path => NamedDataSource().IsMatch(Checkout.Read(path))).ShouldBeGreaterThan(0);
        files.Where(path => UnnamedDataSource().IsMatch(NamedDataSource().Replace(Checkout.Read(path), ""))).ShouldBeEmpty();
        UnnamedDataSource().IsMatch("new NpgsqlConnection(text)").ShouldBeTrue("the rule catches the fixture");
        UnnamedDataSource().IsMatch("NpgsqlDataSource.Create(text)").ShouldBeTrue("the rule catches the fixture");
        UnnamedDataSource().IsMatch("new NpgsqlDataSourceBuilder(text).Build()").ShouldBeTrue("the rule catches the fixture");
    }

    private static bool GivesBackByHand(string text) => GivenBack().IsMatch(text);

    private static bool KnowsMediatR(string text) => MediatR().IsMatch(text);

    private static bool WaitsForTheClock(string text) => Clock().IsMatch(text);

    // In code: a comment may name the library that is behind our interfaces.
    [GeneratedRegex(@"(?m)^(?!\s*//).*\bMediatR\b")]
    private static partial Regex MediatR();

    [GeneratedRegex(@"\bExecuteReaderAsync\s*\(")]
    private static partial Regex ReadsRows();

    [GeneratedRegex(@"\breader\s*\.\s*(Dispose|Close)(Async)?\s*\(")]
    private static partial Regex GivenBack();

    [GeneratedRegex(@"new NpgsqlDataSourceBuilder\([^\n]*?\) \{ Name = ")]
    private static partial Regex NamedDataSource();

    [GeneratedRegex(@"\bnew NpgsqlConnection\(|\bNpgsqlDataSource\.Create\(|\bnew Npgsql(Slim)?DataSourceBuilder\(")]
    private static partial Regex UnnamedDataSource();

    [GeneratedRegex(@"\bTask\s*\.\s*Delay\s*\(|\bThread\s*\.\s*Sleep\s*\(")]
    private static partial Regex Clock();
}
