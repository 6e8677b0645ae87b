using System.CommandLine;
using Monolith.Cli.Admin;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class VerbTimeTests
{
    [Theory]
    [InlineData("2026-01-31T09:30:00Z", true)]
    [InlineData("2026-01-31T09:30:00.123456789Z", true)]
    [InlineData("2026-01-31t09:30:00+02:00", true)]
    [InlineData("2026-01-31T09:30:00.1234567890Z", false)]
    [InlineData("2026-01-31T09:30:00", false)]
    [InlineData("yesterday", false)]
    public void Option_for_a_time_takes_what_the_host_takes(string text, bool isTaken)
    {
        var command = new RootCommand { AdminVerb.Time("--at", "as it was") };

        (command.Parse(["--at", text]).Errors.Count == 0).ShouldBe(isTaken);
    }
}
