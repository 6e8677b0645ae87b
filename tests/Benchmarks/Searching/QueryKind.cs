namespace Monolith.Benchmarks.Searching;

/// <summary>A kind of query for a customer.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Parameters">The parameters of the route for one person.</param>
internal sealed record QueryKind(string Name, Func<Person, string> Parameters)
{
    private const int BegunLetters = 3;

    public static IReadOnlyList<QueryKind> All { get; } =
    [
        new("first and last name", person => Q($"{person.First} {person.Last}")),
        new("first name, last name begun", person => Q($"{person.First} {person.Last[..BegunLetters]}")),
        new("last name", person => Q(person.Last)),
        new("last name with a slip", person => Q(Slip(person.Last))),
        new("first name with a slip, last name", person => Q($"{Slip(person.First)} {person.Last}")),
        new("username", person => Q(person.Username)),
        new("in quotes", person => Q($"\"{person.First} {person.Last}\"")),
        new("first name, by status and time", person => $"{Q(person.First)}&status=active&from=2000-01-01T00:00:00Z"),
    ];

    private static string Q(string text) => $"q={Uri.EscapeDataString(text)}";

    // Swaps the two characters in the middle.
    private static string Slip(string name)
    {
        var middle = name.Length / 2;
        return $"{name[..(middle - 1)]}{name[middle]}{name[middle - 1]}{name[(middle + 1)..]}";
    }
}
