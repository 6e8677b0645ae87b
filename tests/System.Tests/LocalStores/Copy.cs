using Monolith.System.Tests.Rebuilds;
using Monolith.Testing;

namespace Monolith.System.Tests.LocalStores;

/// <summary>The search and analytics data of one process, by its answers and its admin API.</summary>
internal sealed class Copy(Uri host)
{
    public const string SearchCustomers = "search.customers";
    public const string SearchOrders = "search.orders";
    public const string AnalyticsCustomers = "analytics.customers";
    public const string AnalyticsOrders = "analytics.orders";

    public static readonly string[] Projections = [SearchCustomers, SearchOrders, AnalyticsCustomers, AnalyticsOrders];

    /// <summary>Queries that read each of them.</summary>
    public static readonly string[] Questions =
        [
            "search/customers?q=anna&limit=200",
            "search/orders?q=anna&limit=200",
            "analytics/revenue?by=customer",
            "analytics/orders?by=status",
            "analytics/funnel",
            "analytics/cohorts"
        ];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new() { Timeout = Timeout };

    public Operator Operator { get; } = new(host);

    public Task<JsonAnswer> AskAsync(string question) => Client.GetJson(new Uri(host, $"api/v1/{question}").AbsoluteUri);

    /// <summary>The ids of the customers that are found by a word; null while there is no answer.</summary>
    public async Task<IReadOnlyList<Guid>?> FindAsync(string word) => await AskAsync($"search/customers?q={word}") is { Status: 200 } found
        ? [.. found.Json["items"]!.AsArray().Select(item => (Guid)item!["id"]!)]
        : null;

    /// <summary>Waits until the live generation of each projection has applied all events of the logs.</summary>
    public Task BecomesCurrentAsync() => Eventually.HoldsAsync(Timeout, async () =>
    {
        foreach (var projection in Projections)
        {
            var report = await Operator.ReportAsync(projection);
            if (report.Live is not { } live || report.Of(live).LagEvents != 0)
                return $"behind: {report}";
        }

        return null;
    });

    /// <summary>Both are current, give the same answers, and have the rows that follow from the log.</summary>
    public async Task ShouldBeLikeAsync(Copy other)
    {
        await BecomesCurrentAsync();
        await other.BecomesCurrentAsync();
        foreach (var question in Questions)
        {
            var (here, there) = (await AskAsync(question), await other.AskAsync(question));
            here.Status.ShouldBe(200, here.Text);
            there.Text.ShouldBe(here.Text, question);
        }
    }

    /// <summary>Each projection has the rows that follow from the log.</summary>
    public async Task ShouldMatchLogAsync()
    {
        foreach (var projection in Projections)
            (await Operator.DoneAsync(Operator.VerifyAsync(projection))).Detail.ShouldNotBeNull()
                .ShouldEndWith($"rows of {projection} are those that the log makes, and the log is whole");
    }
}
