using System.Text.Json;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Searching;

/// <summary>Some words, and how many customers are found by each: before a figure counts, host and baseline have to find as many.</summary>
internal sealed record CountedWords(string[] Words)
{
    private const int People = 5;

    /// <summary>The names of some people.</summary>
    public static CountedWords Of(IReadOnlyList<Person> people) =>
        new([.. people.Take(People).SelectMany(person => new[] { person.First, person.Last }).Select(name => name.ToLowerInvariant())]);

    /// <summary>Compares what a host finds with what a baseline has found.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public async Task CompareAsync(HostProcess host, string found, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = host.Url };
        var totals = new List<long>();
        foreach (var word in Words)
        {
            // In quotes, so that it is this word and no other.
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/search/customers?limit=1&q=%22{word}%22", cancellation);
            totals.Add(page.GetProperty("total").GetInt64());
        }

        if (string.Join(' ', totals) is var hosts && hosts != found)
            throw new InvalidOperationException($"By {string.Join(", ", Words)} the host finds {hosts} customers, the baseline {found}.");
    }
}
