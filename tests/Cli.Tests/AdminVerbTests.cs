using System.CommandLine;
using Monolith.Cli.Admin;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class AdminVerbTests
{
    [Theory]
    [InlineData("2026-01-31T09:30:00Z", true)]
    [InlineData("2026-01-31T09:30:00.123456789Z", true)]
    [InlineData("2026-01-31t09:30:00+02:00", true)]
    [InlineData("2026-01-31T09:30:00.1234567890Z", false)]
    [InlineData("2026-01-31T09:30:00", false)]
    [InlineData("yesterday", false)]
    public void Time_option_accepts_what_the_host_accepts(string text, bool isAccepted)
    {
        var command = new RootCommand { AdminVerb.Time("--at", "the time") };

        (command.Parse(["--at", text]).Errors.Count == 0).ShouldBe(isAccepted);
    }
}
