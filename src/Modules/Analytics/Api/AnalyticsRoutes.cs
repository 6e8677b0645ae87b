using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.Modules.Analytics.Exports;
using Monolith.Modules.Analytics.Facts;
using Monolith.Modules.Analytics.Reports;

namespace Monolith.Modules.Analytics.Api;

/// <summary>The routes of Analytics, one line a report or export.</summary>
internal static partial class AnalyticsRoutes
{
    private const string SnapshotName = "snapshot";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var analytics = endpoints.MapGroup("/api/v1/analytics");

        analytics.MapReport("/revenue", query => RevenueReport.Of(By(query, RevenueReport.Groupings), PeriodOf(query)), hasSnapshots: true);
        analytics.MapReport("/orders", query => OrdersReport.Of(By(query, OrdersReport.Groupings), PeriodOf(query)), hasSnapshots: true);
        analytics.MapReport("/funnel", query => FunnelReport.Of(PeriodOf(query)), hasSnapshots: true);
        analytics.MapReport("/cohorts", query => CohortsReport.Of(PeriodOf(query)), hasSnapshots: false);
        foreach (var kind in ParquetExports.Kinds)
            analytics.MapWritten($"/exports/{kind}.parquet", query => query.DayOrTime("until"), (until, context) => context.RequestServices.GetRequiredService<ParquetExports>().AnswerAsync(kind, until, context)).Reads(OrderProjection.Name, CustomerProjection.Name);
    }

    private static IEndpointConventionBuilder MapReport(this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, Report> report, bool hasSnapshots) => routes.MapWritten(
        pattern,
        query => (Report: report(query), Snapshot: hasSnapshots ? query.Text(SnapshotName) : null),
        (asked, context) => context.RequestServices.GetRequiredService<ReportWriter>().AnswerAsync(asked.Report, asked.Snapshot, context)).Reads(OrderProjection.Name, CustomerProjection.Name);

    private static Grouping By(QueryReader query, IReadOnlyDictionary<string, Grouping> groupings) =>
        query.OneOf("by", [.. groupings.Keys]) is { } word ? groupings[word] : groupings.Values.First();

    private static Period PeriodOf(QueryReader query)
    {
        var (from, to) = (query.DayOrTime("from"), query.DayOrTime("to"));
        if (from >= to)
            query.Refuse<string>("to", "Must be after from: from is part of the period, to is not.");
        var currency = query.Text("currency");
        if (currency is not null && !CurrencyCode().IsMatch(currency))
            query.Refuse<string>("currency", "Must be the code of a currency as ISO 4217 has it: EUR.");
        return new Period(from, to, currency);
    }

    [GeneratedRegex("^[A-Z]{3}\\z")]
    private static partial Regex CurrencyCode();
}
