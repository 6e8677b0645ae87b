using System.Text.Json;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Searching;

/// <summary>Words with the number of customers that each finds: host and baseline must agree before a result is valid.</summary>
internal sealed record CountedWords(string[] Words)
{
    private const int People = 5;

    /// <summary>Names of a sample of customers.</summary>
    public static CountedWords Of(IReadOnlyList<Person> people) =>
        new([.. people.Take(People).SelectMany(person => new[] { person.First, person.Last }).Select(name => name.ToLowerInvariant())]);

    /// <summary>Compares the counts of a host with those of a baseline.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public async Task CompareAsync(HostProcess host, string found, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = host.Url };
        var totals = new List<long>();
        foreach (var word in Words)
        {
            // Quotes make it an exact word: no prefixes and no typos.
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/search/customers?limit=1&q=%22{word}%22", cancellation);
            totals.Add(page.GetProperty("total").GetInt64());
        }

        if (string.Join(' ', totals) is var hosts && hosts != found)
            throw new InvalidOperationException($"By {string.Join(", ", Words)} the host finds {hosts} customers, the baseline {found}.");
    }
}
