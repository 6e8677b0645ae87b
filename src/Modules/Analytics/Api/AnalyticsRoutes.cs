using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.Modules.Analytics.Exports;
using Monolith.Modules.Analytics.Facts;
using Monolith.Modules.Analytics.Reports;

namespace Monolith.Modules.Analytics.Api;

/// <summary>The routes of Analytics, one line a report or export.</summary>
internal static partial class AnalyticsRoutes
{
    private const string SnapshotName = "snapshot";
    private const string FirstLines = "How many lines of each currency, in the order of the report: of products, customers, cities and countries those with the most revenue.";

    /// <summary>How the documentation groups these routes.</summary>
    public static readonly RouteTag Tag = new("Analytics", "Reports over orders and customers, live figures, and exports for notebooks.");

    private static readonly ResponseFormat Parquet = new(ParquetExports.ContentType, IsFile: true);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var analytics = endpoints.MapGroup("/api/v1/analytics").Tag(Tag);

        analytics.MapReport("/revenue", query => RevenueReport.Of(By(query, RevenueReport.Groupings), PeriodOf(query), query.FirstOnly(FirstLines)), ReportForm.Of(RevenueReport.Columns, RevenueReport.Groupings), hasSnapshots: true)
            .Summary("Get revenue report", "Revenue of orders that were placed and are not cancelled, at the time of placing.");
        analytics.MapReport("/orders", query => OrdersReport.Of(By(query, OrdersReport.Groupings), PeriodOf(query)), ReportForm.Of(OrdersReport.Columns, OrdersReport.Groupings), hasSnapshots: true)
            .Summary("Get orders report", "Orders that were placed, cancelled ones included.");
        analytics.MapReport("/funnel", query => FunnelReport.Of(PeriodOf(query)), ReportForm.Of(FunnelReport.Columns), hasSnapshots: true)
            .Summary(
                "Get funnel report", "How many orders were paid and shipped, and how long each step took: median and 95th percentile.");
        analytics.MapReport("/cohorts", query => CohortsReport.Of(PeriodOf(query)), ReportForm.Of(CohortsReport.Columns), hasSnapshots: false)
            .Summary("Get cohorts report", "Customers by the month of their registration, and what they have ordered since.");
        foreach (var kind in ParquetExports.OfFacts)
            analytics.MapExport(kind).Reads(OrderProjection.Name, CustomerProjection.Name);
        analytics.MapExport(ParquetExports.Events).ReadsEvents(OrderProjection.Name, CustomerProjection.Name).Refuses(EventExport.Unavailable(""));
    }

    private static IEndpointConventionBuilder MapExport(this IEndpointRouteBuilder routes, string kind) =>
        routes.MapContent($"/exports/{kind}.parquet", query => query.DayOrTime("until"), (until, context) => context.RequestServices.GetRequiredService<ParquetExports>().AnswerAsync(kind, until, context), Parquet)
            .Refuses(ExportFolder.Busy)
            .Summary($"Export {Words(kind)}", $"The history of {Words(kind)} as a Parquet file, complete or as of a time.");

    private static string Words(string kind) => kind.Replace('-', ' ');

    private static IEndpointConventionBuilder MapReport(this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, Report> report, ResponseFormat form, bool hasSnapshots)
    {
        var route = routes.MapContent(
            pattern,
            query => (Report: report(query), Snapshot: hasSnapshots ? query.Text(SnapshotName) : null),
            (asked, context) => context.RequestServices.GetRequiredService<ReportWriter>().AnswerAsync(asked.Report, asked.Snapshot, context),
            form).Reads(OrderProjection.Name, CustomerProjection.Name);
        return hasSnapshots ? route.Refuses(ProjectionRefusals.Snapshot) : route;
    }

    private static Grouping By(QueryReader query, IReadOnlyDictionary<string, Grouping> groupings) =>
        query.OneOf("by", [.. groupings.Keys]) is { } word ? groupings[word] : groupings.Values.First();

    private static Period PeriodOf(QueryReader query)
    {
        var (from, to) = (query.DayOrTime("from"), query.DayOrTime("to"));
        if (from >= to)
            query.Refuse<string>("to", "Must be after from: from is part of the period, to is not.");
        return new Period(from, to, query.Matching("currency", CurrencyCode(), "Must be the code of a currency as ISO 4217 has it: EUR."));
    }

    [GeneratedRegex("^[A-Z]{3}\\z")]
    private static partial Regex CurrencyCode();
}
