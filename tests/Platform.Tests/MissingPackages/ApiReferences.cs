using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Exchange.Platform.Tests.MissingPackages;

/// <summary>Compares what a compiled assembly asks of others with what they offer, without loading either.</summary>
static class ApiReferences
{
    static readonly string[] methodsOfObject = ["ToString", "Equals", "GetHashCode", "Finalize"];

    /// <summary>
    /// Names every identity, type, member and override that <paramref name="user"/> takes from an assembly of the same name as
    /// one of <paramref name="offered"/> and that is not there, or not visible to it.
    /// </summary>
    public static IReadOnlyList<string> Missing(byte[] user, params (string Name, byte[] Image)[] offered)
    {
        using var file = new PEReader(ImmutableArray.Create(user));
        var metadata = file.GetMetadataReader();
        var userName = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        var offers = offered.ToDictionary(one => one.Name, one => new Offer(one.Image, userName));
        return [.. Identities(metadata, offers)
            .Concat(Types(metadata, offers))
            .Concat(Members(metadata, offers))
            .Concat(Overrides(metadata, offers))
            .Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>How many types and members the assembly asks of another; nothing missing says little where nothing is asked.</summary>
    public static int Count(byte[] user, string offered)
    {
        using var file = new PEReader(ImmutableArray.Create(user));
        var metadata = file.GetMetadataReader();
        var nothing = new Dictionary<string, Offer> { [offered] = Offer.Nothing };
        return Types(metadata, nothing).Concat(Members(metadata, nothing)).Distinct().Count();
    }

    static IEnumerable<string> Identities(MetadataReader metadata, Dictionary<string, Offer> offers) =>
        from handle in metadata.AssemblyReferences
        let reference = metadata.GetAssemblyReference(handle)
        let asked = reference.GetAssemblyName()
        where offers.ContainsKey(asked.Name!) && offers[asked.Name!].Identity != asked.FullName
        select $"identity {asked.FullName}, there is {offers[asked.Name!].Identity}";

    static IEnumerable<string> Types(MetadataReader metadata, Dictionary<string, Offer> offers) =>
        from handle in metadata.TypeReferences
        let offer = OfferOf(metadata, handle, offers)
        where offer is not null
        let name = Names.Instance.GetTypeFromReference(metadata, handle, 0)
        where !offer.Types.Contains(name)
        select $"type {name}";

    static IEnumerable<string> Members(MetadataReader metadata, Dictionary<string, Offer> offers) =>
        from handle in metadata.MemberReferences
        let member = metadata.GetMemberReference(handle)
        let owner = Owner(metadata, member.Parent)
        where owner is not null
        let offer = OfferOf(metadata, owner.Value, offers)
        where offer is not null
        let name = $"{Names.Instance.GetTypeFromReference(metadata, owner.Value, 0)}::{Signature(metadata, member)}"
        where !offer.Members.ContainsKey(name)
        select $"member {name}";

    /// <summary>An override that finds nothing to override would silently become a method that nobody calls.</summary>
    static IEnumerable<string> Overrides(MetadataReader metadata, Dictionary<string, Offer> offers)
    {
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (type.BaseType.Kind != HandleKind.TypeReference
                || OfferOf(metadata, (TypeReferenceHandle)type.BaseType, offers) is not { } offer)
                continue;
            var derived = Names.Instance.GetTypeFromDefinition(metadata, handle, 0);
            var @base = Names.Instance.GetTypeFromReference(metadata, (TypeReferenceHandle)type.BaseType, 0);
            var methods = type.GetMethods().Select(metadata.GetMethodDefinition).ToList();
            var overrides = methods
                .Where(method => method.Attributes.HasFlag(MethodAttributes.Virtual) && !method.Attributes.HasFlag(MethodAttributes.NewSlot))
                .Where(method => !methodsOfObject.Contains(metadata.GetString(method.Name)))
                .Select(method => $"{@base}::{Signature(metadata, method)}")
                .ToHashSet();
            foreach (var name in overrides)
                if (!offer.Members.TryGetValue(name, out var attributes) || !attributes.HasFlag(MethodAttributes.Virtual))
                    yield return $"virtual {name}, which {derived} overrides";
            if (type.Attributes.HasFlag(TypeAttributes.Abstract))
                continue;
            foreach (var (name, attributes) in offer.Members)
                if (attributes.HasFlag(MethodAttributes.Abstract) && name.StartsWith(@base + "::", StringComparison.Ordinal) && !overrides.Contains(name))
                    yield return $"override by {derived} of abstract {name}";
        }
    }

    static Offer? OfferOf(MetadataReader metadata, TypeReferenceHandle handle, Dictionary<string, Offer> offers)
    {
        var scope = metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => OfferOf(metadata, (TypeReferenceHandle)scope, offers),
            HandleKind.AssemblyReference =>
                offers.GetValueOrDefault(metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)),
            _ => null,
        };
    }

    /// <summary>The type that declares a member, without its type arguments.</summary>
    static TypeReferenceHandle? Owner(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference)
            return (TypeReferenceHandle)parent;
        if (parent.Kind != HandleKind.TypeSpecification)
            return null;
        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadCompressedInteger();
        var type = blob.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)type : null;
    }

    static string Signature(MetadataReader metadata, MemberReference member) => member.GetKind() == MemberReferenceKind.Method
        ? Signature(metadata.GetString(member.Name), member.DecodeMethodSignature(Names.Instance, null))
        : $"{metadata.GetString(member.Name)} : {member.DecodeFieldSignature(Names.Instance, null)}";

    static string Signature(MetadataReader metadata, MethodDefinition method) =>
        Signature(metadata.GetString(method.Name), method.DecodeSignature(Names.Instance, null));

    static string Signature(string name, MethodSignature<string> method) =>
        $"{(method.Header.IsInstance ? "" : "static ")}{name}`{method.GenericParameterCount}({string.Join(", ", method.ParameterTypes)}) : {method.ReturnType}";

    /// <summary>The types and members of an assembly that another one, named, can see.</summary>
    sealed class Offer
    {
        public static readonly Offer Nothing = new();

        readonly bool friend;

        Offer()
        {
        }

        public Offer(byte[] image, string user)
        {
            using var file = new PEReader(ImmutableArray.Create(image));
            var metadata = file.GetMetadataReader();
            Identity = metadata.GetAssemblyDefinition().GetAssemblyName().FullName;
            friend = Friends(metadata).Contains(user);
            foreach (var handle in metadata.TypeDefinitions)
                Add(metadata, handle);
        }

        public string Identity { get; } = "";

        public HashSet<string> Types { get; } = [];

        public Dictionary<string, MethodAttributes> Members { get; } = [];

        void Add(MetadataReader metadata, TypeDefinitionHandle handle)
        {
            var type = metadata.GetTypeDefinition(handle);
            var visibility = type.Attributes & TypeAttributes.VisibilityMask;
            if (visibility is TypeAttributes.NotPublic or TypeAttributes.NestedAssembly && !friend || visibility is TypeAttributes.NestedPrivate)
                return;
            var name = Names.Instance.GetTypeFromDefinition(metadata, handle, 0);
            Types.Add(name);
            foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
                if (Visible(method.Attributes & MethodAttributes.MemberAccessMask))
                    Members[$"{name}::{Signature(metadata, method)}"] = method.Attributes;
            foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition))
                if (Visible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask)))
                    Members[$"{name}::{metadata.GetString(field.Name)} : {field.DecodeSignature(Names.Instance, null)}"] = default;
        }

        bool Visible(MethodAttributes access) =>
            access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem
            || access is MethodAttributes.Assembly && friend;

        static IEnumerable<string> Friends(MetadataReader metadata) =>
            from handle in metadata.GetAssemblyDefinition().GetCustomAttributes()
            let attribute = metadata.GetCustomAttribute(handle)
            where attribute.Constructor.Kind == HandleKind.MemberReference
            let type = Owner(metadata, metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent)
            where metadata.GetString(metadata.GetTypeReference(type.Value).Name) == "InternalsVisibleToAttribute"
            let blob = metadata.GetBlobReader(attribute.Value)
            select Text(blob).Split(',')[0];

        static string Text(BlobReader blob)
        {
            blob.ReadUInt16();
            return blob.ReadSerializedString()!;
        }
    }
}
