using Monolith.Modules.Search.Queries;
using Monolith.Modules.Search.Text;

namespace Monolith.Modules.Search.CustomerIndex;

/// <summary>The fields that customers are found by.</summary>
internal static class CustomerFields
{
    private const string Username = "username";
    private const string Names = "names";
    private const string Words = "words";

    public static SearchFields Search { get; } = new(Words, Names, Username);

    /// <summary>The fields that hold words, as they are stored.</summary>
    public static TextFields<CustomerRow> Text { get; } = new()
    {
        [Username] = row => FieldText.Joined(row.Username),
        [Names] = row => FieldText.Of(NamesOf(row)),
        [Words] = row => FieldText.Of(row.Username, NamesOf(row), row.Email),
    };

    // First and last name are one text: a phrase may cross from one into the other.
    private static string NamesOf(CustomerRow row) => $"{row.FirstName} {row.LastName}";
}
