using System.Net;
using System.Text.Json;
using Monolith.Testing;

namespace Monolith.System.Tests.Hosting;

/// <summary>The response of <c>/health/ready</c>.</summary>
internal sealed record Health(HttpStatusCode Code, string Status, IReadOnlyDictionary<string, Health.Check> Checks)
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(15) };

    /// <summary>The checks that are not healthy.</summary>
    public IEnumerable<KeyValuePair<string, Check>> Faults => Checks.Where(check => check.Value.Status != "healthy");

    public static async Task<Health> OfAsync(Uri host)
    {
        using var answer = await Client.GetAsync(new Uri(host, "health/ready"));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return new Health(
            answer.StatusCode,
            json.RootElement.GetProperty("status").GetString()!,
            json.RootElement.GetProperty("checks").EnumerateObject().ToDictionary(
                check => check.Name,
                check =>
                    new Check(
                        check.Value.GetProperty("status").GetString()!,
                        check.Value.TryGetProperty("detail", out var detail) ? detail.GetString() ?? "" : "")));
    }

    /// <summary>Waits until a host is healthy.</summary>
    public static Task BecomesHealthyAsync(Uri host, TimeSpan within) =>
        BecomesAsync(host, within, health => health is { Code: HttpStatusCode.OK, Status: "healthy" });

    /// <summary>Waits until a check of this name is unhealthy and its detail contains these words.</summary>
    public static Task BlamesAsync(Uri host, string check, string words, TimeSpan within) => BecomesAsync(
        host,
        within,
        health =>
            health.Code == HttpStatusCode.ServiceUnavailable
                && health.Faults.Any(fault => fault.Key == check && fault.Value.Detail.Contains(words, StringComparison.Ordinal)));

    public static Task BecomesAsync(Uri host, TimeSpan within, Func<Health, bool> holds) => Eventually.HoldsAsync(within, async () =>
    {
        var health = await OfAsync(host);
        return holds(health)
            ? null
            : $"health is {(int)health.Code} {health.Status}: "
                + $"{string.Join("; ", health.Faults.Select(fault => $"{fault.Key}: {fault.Value.Detail}"))}";
    });

    public override string ToString() =>
        $"{(int)Code} {Status} {string.Join("; ", Faults.Select(fault => $"{fault.Key}: {fault.Value.Detail}"))}";

    internal sealed record Check(string Status, string Detail);
}
