using Monolith.System.Tests.Hosting;
using Monolith.Testing.Processes;

namespace Monolith.System.Tests;

/// <summary>A host with an invalid setting exits at once, with one line that names the setting and its valid values.</summary>
[Trait("Category", "System")]
public sealed class SettingsTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Database=nowhere";

    [Theory]
    [InlineData("Log__Partitions", "0", "The setting Log__Partitions is '0'; it must be a whole number from 1 to 1024.")]
    [InlineData("Log__Partition", "64", "There is no setting Log__Partition; there are Log__Partitions.")]
    [
        InlineData(
            "ConnectionStrings__Monolith",
            "Host=db;Passwort=s3cret",
            "The setting ConnectionStrings__Monolith cannot be read; it must be a connection string like "
                + "Host=db;Port=5432;Database=monolith.")
    ]
    [
        InlineData(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "collector:4317",
            "The setting OTEL_EXPORTER_OTLP_ENDPOINT is 'collector:4317'; it must be an address like http://collector:4317.")
    ]
    [InlineData("Transport", "Kafka", "Transport is Kafka, but Kafka__BootstrapServers is not set: name at least one broker (host:port).")]
    public async Task Invalid_setting_is_reported_in_one_line(string name, string value, string line)
    {
        foreach (var arguments in (string[][])[[], ["migrate"]])
        {
            // The migrations need no transport.
            if (name == "Transport" && arguments.Length > 0)
                continue;
            var run = await RunAsync(HostProcess.LaunchVerbAsync, arguments, ("ConnectionStrings__Monolith", Nowhere), (name, value));
            run.ShouldExit(1).Errors.ShouldBe([line]);
            run.Output.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Unknown_Kafka_client_setting_is_reported_at_start()
    {
        var run = await RunAsync(
            HostProcess.LaunchVerbAsync,
            ["--Kafka:Client:security.protocoll", "ssl"],
            ("ConnectionStrings__Monolith", Nowhere),
            ("Transport", "Kafka"),
            ("Kafka__BootstrapServers", "127.0.0.1:1"));
        var line = run.ShouldExit(1).Errors.ShouldHaveSingleItem();
        line.ShouldStartWith("The Kafka client does not take the settings Kafka__Client__security.protocoll: ");
        line.ShouldContain("No such configuration property");
    }

    [Fact]
    public async Task Help_ends_with_all_settings()
    {
        var help = (await RunAsync(CliProgram.LaunchAsync, ["--help"])).ShouldExit(0);
        help.Output.ShouldContain(line => line.StartsWith("  Log__Partitions [32]", StringComparison.Ordinal));
        help.Output.ShouldContain(line => line.Contains("projections", StringComparison.Ordinal));

        help = (await RunAsync(HostProcess.LaunchVerbAsync, ["--help"])).ShouldExit(0);
        help.Output.ShouldContain(line => line.StartsWith("  Log__Partitions [32]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_refuses_the_verbs_of_the_command_line()
    {
        var run = (await RunAsync(HostProcess.LaunchVerbAsync, ["projections", "list"])).ShouldExit(2);
        run.Output.ShouldBeEmpty();
        run.Errors[0].ShouldStartWith("The host does not know 'projections'");
    }

    private static async Task<VerbRun> RunAsync(
        Func<IReadOnlyDictionary<string, string>, string[], Task<ChildProcess>> launch,
        string[] arguments,
        params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string> { ["DOTNET_ENVIRONMENT"] = "Production" };
        foreach (var (name, value) in settings)
            environment[name] = value;
        await using var process = await launch(environment, arguments);
        return await CliRunner.EndAsync(process);
    }
}
