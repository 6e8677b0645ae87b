using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.Modules.Analytics.Application.Reports;

namespace Monolith.Modules.Analytics.Infrastructure.Reports;

/// <summary>A report as SQL.</summary>
/// <param name="Sql">The query over the tables of a session.</param>
/// <param name="Parameters">The values of <c>$1</c> and so on.</param>
/// <param name="Projections">The projections whose tables it reads.</param>
internal sealed record ReportQuery(Func<DuckDbSession, string> Sql, IReadOnlyList<object> Parameters, params string[] Projections)
{
    public static ReportQuery Of(Report report) => report switch
    {
        RevenueReport revenue => RevenueSql.Of(revenue),
        OrdersReport orders => OrdersSql.Of(orders),
        FunnelReport funnel => FunnelSql.Of(funnel),
        CohortsReport cohorts => CohortsSql.Of(cohorts),
        _ => throw new ArgumentOutOfRangeException(nameof(report), report, null),
    };

    /// <summary>The key of a grouping.</summary>
    public static string KeyOf(Grouping grouping) => grouping.Name switch
    {
        "day" => "placed_at::date",
        "month" => "date_trunc('month', placed_at)::date",
        "product" => "product_id",
        "customer" => "customer_id",
        var column => column,
    };
}

internal static class PeriodSql
{
    /// <summary>A condition on a time column and the column <c>currency</c>; true without restrictions.</summary>
    public static string Condition(this Period period, string time)
    {
        var from = period.From is null ? "true" : $"{time} >= $1";
        var to = period.To is null ? "true" : $"{time} < ${(period.From is null ? 1 : 2)}";
        var currency = period.Currency is null ? "true" : $"currency = ${period.Parameters().Count}";
        return $"{from} and {to} and {currency}";
    }

    /// <summary>The parameters of the condition.</summary>
    public static IReadOnlyList<object> Parameters(this Period period) =>
        [.. new object?[] { period.From, period.To, period.Currency }.OfType<object>()];
}
