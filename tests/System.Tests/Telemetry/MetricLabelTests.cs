using System.Text.RegularExpressions;
using Monolith.System.Tests.Hosting;
using Monolith.Testing;

namespace Monolith.System.Tests.Telemetry;

/// <summary>
/// The labels of <c>/metrics</c>. The host runs as ./run starts it, so that migrations and the private server are measured in the same
/// process.
/// </summary>
[Trait("Category", "System")]
public sealed partial class MetricLabelTests
{
    // A log has 32 partitions. The test uses few routes, commands and error types.
    private const int MaxValues = 40;

    private const string ReadyLine = "ready: ";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    // Bounds of histograms, and the process itself, which is the same in every series.
    private static readonly string[] Exempt = ["le", "service_instance_id"];

    [Fact]
    public async Task Metric_labels_are_bounded_and_show_no_connection_string()
    {
        using var data = new TemporaryFolder();
        await using var run = await CliRunner.LaunchAsync("local", "--port", "0", "--data", data.Path);
        await Eventually.HoldsAsync(
            Deadline,
            "the host is ready",
            () => run.HasExited || run.Lines.Any(line => line.StartsWith(ReadyLine, StringComparison.Ordinal)));
        var url = new Uri(run.Lines.Single(line => line.StartsWith(ReadyLine, StringComparison.Ordinal))[ReadyLine.Length..]);
        using var client = new HttpClient { BaseAddress = url, Timeout = Deadline };
        await SendDistinctRequestsAsync(client, MaxValues + 1);

        var metrics = await client.GetStringAsync(new Uri("metrics", UriKind.Relative));

        var labels = LabelsOf(metrics).Where(label => !Exempt.Contains(label.Name)).ToArray();
        labels.Select(label => label.Name).ShouldContain("db_client_connection_pool_name");
        labels.Select(label => label.Value).Where(value => Forbidden().IsMatch(value)).ShouldBeEmpty();
        labels.GroupBy(label => label.Name)
            .Where(values => values.Count() > MaxValues)
            .Select(values => $"{values.Key}: {string.Join(' ', values)}")
            .ShouldBeEmpty();

        LabelsOf("""a{b="Host=127.0.0.1;Port=5432",c="d"} 1""")
            .Count(label => Forbidden().IsMatch(label.Value))
            .ShouldBe(1, "the rule catches the fixture");
    }

    private static async Task SendDistinctRequestsAsync(HttpClient client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            (
                await client.PostJson(
                    "api/v1/customers",
                    $$"""{"username":"user{{i}}","firstName":"A","lastName":"B","email":"a@example.org"}""")).Status.ShouldBe(201);
            (await client.GetJson($"api/v1/customers/{Guid.NewGuid()}")).Status.ShouldBe(404);
            (await client.GetJson($"nowhere/{i}")).Status.ShouldBe(404);
            using var odd = new HttpRequestMessage(new HttpMethod($"METHOD{i}"), "api/v1/customers");
            using var answer = await client.SendAsync(odd);
            ((int)answer.StatusCode).ShouldBe(405);
        }
    }

    private static HashSet<(string Name, string Value)> LabelsOf(string metrics) =>
        [
            .. metrics.Split('\n')
            .Where(line => !line.StartsWith('#'))
            .SelectMany(line => Label().Matches(line))
            .Select(match => (match.Groups["name"].Value, match.Groups["value"].Value))
        ];

    [GeneratedRegex("""(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"[,}]""")]
    private static partial Regex Label();

    // Connection strings, ids, e-mail addresses.
    [GeneratedRegex("(?i)(host|password|username|port)=|[0-9a-f]{8}-[0-9a-f]{4}-|@")]
    private static partial Regex Forbidden();
}
