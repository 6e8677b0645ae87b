using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Rebuilds;

namespace Monolith.System.Tests.Verification;

/// <summary>Compares the search rows in Elasticsearch with the tests' own folds of the logs.</summary>
internal static class SearchRows
{
    private const int AtOnce = 5_000;
    private const string AllRows = """{"bool":{"must_not":{"exists":{"field":"doc.gone"}}}}""";

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Waits until a host verifies its rows, then reads them directly from Elasticsearch.</summary>
    public static async Task ShouldEqualFoldsAsync(Site site, Uri host, Uri elasticsearch)
    {
        var customers = CustomerState.Fold((await WrittenLog.ReadAsync(site.Sql, "customers")).Events);
        var orders = OrderState.Fold((await WrittenLog.ReadAsync(site.Sql, "orders")).Events);
        await ShouldVerifyAsync(host, "search.customers", customers.Count);
        await ShouldVerifyAsync(host, "search.orders", orders.Count);
        Table.ShouldBe(
            "search.customers",
            await ReadAsync(
                elasticsearch,
                $"{site.IndexPrefix}search-customers",
                row =>
                    Table.Row(
                        Text(row, "username"), Text(row, "firstName"), Text(row, "lastName"), Text(row, "email"), Text(row, "status"))),
            customers.ToDictionary(
                c => c.Key, c => Table.Row(c.Value.Username, c.Value.FirstName, c.Value.LastName, c.Value.Email, c.Value.Status)));
        Table.ShouldBe(
            "search.orders",
            await ReadAsync(
                elasticsearch,
                $"{site.IndexPrefix}search-orders",
                row =>
                    Table.Row(
                        Text(row, "customerId"), Text(row, "currency"), Plain(row.GetProperty("total").GetDecimal()), Text(row, "status"))),
            orders.ToDictionary(o => o.Key, o => Table.Row(o.Value.Customer, o.Value.Currency, Plain(o.Value.Total), o.Value.Status)));
    }

    private static async Task ShouldVerifyAsync(Uri host, string projection, int rows)
    {
        var operates = new Operator(host);
        (await operates.DoneAsync(operates.VerifyAsync(projection))).Detail.ShouldBe(
            $"the {rows} rows of {projection} are those that the log makes, and the log is whole");
    }

    private static async Task<Dictionary<Guid, string>> ReadAsync(Uri elasticsearch, string alias, Func<JsonElement, string> text)
    {
        var rows = new Dictionary<Guid, string>();
        for (var after = ""; ;)
        {
            using var query = new StringContent(
                $"{{\"size\":{AtOnce},\"sort\":[\"doc.key\"],\"query\":{AllRows}{after}}}", Encoding.UTF8, "application/json");
            using var answer = await Client.PostAsync(new Uri(elasticsearch, $"{alias}/_search"), query);
            answer.EnsureSuccessStatusCode();
            var hits = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("hits").GetProperty("hits");
            foreach (var hit in hits.EnumerateArray())
                rows.Add(hit.GetProperty("_id").GetGuid(), text(hit.GetProperty("_source").GetProperty("doc").GetProperty("row")));
            if (hits.GetArrayLength() < AtOnce)
                return rows;
            after = $",\"search_after\":[\"{hits[AtOnce - 1].GetProperty("_id").GetString()}\"]";
        }
    }

    private static string Plain(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
