using System.Text;
using System.Text.RegularExpressions;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Customers.Application;

namespace Monolith.Customers.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class CustomerRulesTests
{
    private const string Emoji = "\U0001F600";
    private const string HalfPair = "\ud83d";

    public static TheoryData<string> GoodUsernames => ["abc", "ABC", " a.b ", "a_b-c.9", Repeat("x", 30), "..."];

    public static TheoryData<string> BadUsernames =>
    [
        (string)null!, "", "  ", "ab", Repeat("x", 31), "a b", "a\tb", "ab\0", "äda", "ada@", "\u212Aelvin", "аdа", "ada\u200b", HalfPair
            + "ab",
        "ada٣",
    ];

    public static TheoryData<string> GoodNames =>
    [
        "A", " Ada ", "O'Neill", "李", "محمد", "Nguyễn Thị", "می\u200cخواهم", Emoji, Repeat(Emoji, 100),
        Repeat("ä", 100), "\n Ada \n", "a\u0301",
        "José \"Pepe\" \\ <b>", "👨\u200d👩\u200d👧", "A\u3164",
    ];

    public static TheoryData<string> BadNames =>
    [
        (string)null!, "", "   ", "\u00a0\u3000", "\u200b\u200d", "\u3164", "\uffa0\u115f", "\u2800", "\ufe0f", "\u00ad",
        "A\0", "A\nB", "A\u0085B", "A\u007fB", "A\u001bB", HalfPair, "A" + HalfPair + "B", "\ude00A", Repeat("x", 101),
        Repeat(Emoji, 101),
    ];

    public static TheoryData<string> GoodEmails =>
    [
        "a@b", "ada@example.org", " ada@example.org ", "ada+tag@sub.example.org", "o'neill@example.org", "用户@例子.广告", "अ@उदाहरण.भारत",
        new string('a', 64) + "@example.org", Repeat("𠀀", 64) + "@" + Repeat("𠀀", 63) + ".org", "\tada@example.org\n",
    ];

    public static TheoryData<string> BadEmails =>
    [
        (string)null!, "", "ada", "@example.org", "ada@", "ada@@example.org", "a@b@c", "ada@example.org, bob@example.org",
        "ada@example.org;bob@example.org", "Ada <ada@example.org>", "a b@example.org",
        "ada@exam ple.org", ".ada@example.org", "ada.@example.org", "a..b@example.org", "ada@.org", "ada@example..org", "ada@example.org.",
        "ada@-example.org", "ada@example-.org", "ada@exa_mple.org",
        "ada\0@example.org", "ada\n@example.org", "ada\u200b@example.org",
        "\u3164@example.org", "ada\u2800@example.org", "ada@\u3164.org", "ada@exa\u034fmple.org",
        Repeat("𠀀", 65) + "@example.org",
        HalfPair + "@example.org", new string('a', 65) + "@example.org", "a@" + new string('b', 64) + ".org",
        "a@" + string.Join('.', Enumerable.Repeat(new string('b', 62), 4)) + ".org",
    ];

    [Theory, MemberData(nameof(GoodUsernames))]
    public void Valid_username_is_accepted(string username) => Register(username: username).ShouldBeEmpty();

    [Theory, MemberData(nameof(BadUsernames))]
    public void Invalid_username_is_refused(string username) => Register(username: username).ShouldBe(["Username"]);

    [Theory, MemberData(nameof(GoodNames))]
    public void Valid_name_is_accepted(string name) => Register(firstName: name, lastName: name).ShouldBeEmpty();

    [Theory, MemberData(nameof(BadNames))]
    public void Invalid_name_is_refused(string name) => Register(firstName: name, lastName: name).ShouldBe(["FirstName", "LastName"]);

    [Theory, MemberData(nameof(GoodEmails))]
    public void Valid_email_is_accepted(string email) => Register(email: email).ShouldBeEmpty();

    [Theory, MemberData(nameof(BadEmails))]
    public void Invalid_email_is_refused(string email) => Register(email: email).ShouldBe(["Email"]);

    [Fact]
    public void Change_validates_only_the_given_fields()
    {
        var validator = new ChangeCustomerValidator();

        validator.Validate(new ChangeCustomer(null, null, null)).IsValid.ShouldBeTrue();
        validator.Validate(new ChangeCustomer("", " ", "x")).Errors.Select(error => error.PropertyName)
            .ShouldBe(["FirstName", "LastName", "Email"]);
    }

    [Fact]
    public void Reason_has_1_to_500_characters()
    {
        var validator = new DeactivateCustomerValidator();

        validator.Validate(new DeactivateCustomer(new string('x', 500))).IsValid.ShouldBeTrue();
        validator.Validate(new DeactivateCustomer(new string('x', 501))).IsValid.ShouldBeFalse();
        validator.Validate(new DeactivateCustomer(" ")).IsValid.ShouldBeFalse();
        new ReactivateCustomerValidator().Validate(new ReactivateCustomer(null!)).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void Published_constraints_accept_what_the_rules_accept()
    {
        (string Field, TheoryData<string> Good, TheoryData<string> Bad)[] fields =
            [("Username", GoodUsernames, BadUsernames), ("FirstName", GoodNames, BadNames), ("Email", GoodEmails, BadEmails)];
        foreach (var (field, good, bad) in fields)
        {
            var constraint = new RegisterCustomerValidator().CreateDescriptor().GetRulesForMember(field).SelectMany(rule => rule.Components)
                .Select(component => component.Validator).OfType<IDescribedRule>().Single().Constraint;

            constraint.IsRequired.ShouldBeTrue();
            foreach (string text in good.Select(row => row.Data))
                Allows(constraint, text).ShouldBeTrue($"{field} {text}");
            // A portable pattern has no character categories, and cannot limit the length of each part of an e-mail address.
            foreach (string text in bad.Select(row => row.Data).Where(text => text is { Length: < 64 } && IsWhole(text)))
            {
                if (field != "Email" || text.All(char.IsAscii))
                    Allows(constraint, text).ShouldBeFalse($"{field} {text}");
            }
        }
    }

    // JSON cannot represent an unpaired surrogate.
    private static bool IsWhole(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    private static bool Allows(FieldConstraint constraint, string text)
    {
        var length = text.Trim().EnumerateRunes().Count();
        return length >= (constraint.MinLength ?? 0) && length <= constraint.MaxLength && Regex.IsMatch(text, constraint.Pattern!);
    }

    private static IEnumerable<string> Register(
        string username = "ada", string firstName = "Ada", string lastName = "Lovelace", string email = "ada@example.org") =>
        new RegisterCustomerValidator().Validate(new RegisterCustomer(username, firstName, lastName, email))
            .Errors.Select(error => error.PropertyName);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
